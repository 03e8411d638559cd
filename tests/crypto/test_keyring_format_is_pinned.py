"""Files of a keyring as the first release writes them: every later one opens these."""

import json
import struct
from pathlib import Path
from typing import Any

import pytest

from muniment.crypto.errors import KeyDestroyedError
from muniment.crypto.keyring import Keyring
from muniment.crypto.mirrors import RINGS
from muniment.crypto.root import LocalRootKey
from muniment.crypto.types import KeyKind, KeyRef

VECTOR = json.loads((Path(__file__).parent.parent / "vectors" / "keyring.json").read_text())


def _ref(named: dict[str, Any]) -> KeyRef:
    return KeyRef(named["ring"], KeyKind[named["kind"]], named["id"])


@pytest.fixture
def keyring(tmp_path: Path) -> Keyring:
    (tmp_path / RINGS).mkdir()
    for name, slots in VECTOR["rings"].items():
        (tmp_path / RINGS / f"{name}.ring").write_bytes(bytes.fromhex("".join(slots)))
    return Keyring(tmp_path, LocalRootKey(bytes.fromhex(VECTOR["root"])))


def test_every_key_opens(keyring: Keyring) -> None:
    for named in VECTOR["keys"]:
        assert keyring.open(_ref(named)).hex() == named["key"]
    for named in VECTOR["destroyed"]:
        with pytest.raises(KeyDestroyedError):
            keyring.open(_ref(named))
    assert keyring.faults() == []


def test_headers_are_written_as_documented(keyring: Keyring) -> None:
    for name, (header, *_) in VECTOR["rings"].items():
        magic, *numbers = struct.unpack("<8s4Q88x", bytes.fromhex(header))
        assert magic == b"MUNRING1"
        assert dict(zip(("epoch", "changes", "slots", "live"), numbers, strict=True)) == VECTOR["headers"][name]
    silo = next(name for name in VECTOR["rings"] if name != "instance")
    keyring.destroy([_ref(named) for named in VECTOR["keys"] if named["ring"] == silo])
    written = (keyring.folder / RINGS / f"{silo}.ring").read_bytes()
    assert written == struct.pack("<8s4Q88x", b"MUNRING1", 3, 6, 3, 0) + bytes(3 * 128)
