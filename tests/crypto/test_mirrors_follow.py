from pathlib import Path

import pytest

from muniment.core.ids import new_id
from muniment.crypto.keyring import Keyring
from muniment.crypto.mirrors import RINGS
from muniment.crypto.root import LocalRootKey
from muniment.crypto.types import INSTANCE, KeyKind, KeyRef


@pytest.fixture
def keyring(tmp_path: Path) -> Keyring:
    (tmp_path / "keys" / RINGS).mkdir(parents=True)
    (tmp_path / "target").mkdir()
    return Keyring(tmp_path / "keys", LocalRootKey(bytes(32)))


def _files(folder: Path) -> dict[str, bytes]:
    wanted = [*folder.glob("rings/*.ring"), *folder.glob("erasures.jsonl")]
    return {str(path.relative_to(folder)): path.read_bytes() for path in wanted}


def test_a_target_holds_the_same_bytes_after_every_change(keyring: Keyring, tmp_path: Path) -> None:
    target = tmp_path / "target"
    keyring.create(KeyRef(INSTANCE, KeyKind.TEAM, new_id()))
    keyring.mirrors.add(target)
    assert _files(target) == _files(tmp_path / "keys")
    ref = KeyRef(INSTANCE, KeyKind.ACCOUNT, new_id())
    keyring.create(ref)
    assert _files(target) == _files(tmp_path / "keys")
    keyring.destroy([ref])
    assert _files(target) == _files(tmp_path / "keys")
    assert "erasures.jsonl" in _files(target)


def test_a_target_that_was_away_catches_up(keyring: Keyring, tmp_path: Path) -> None:
    target, away = tmp_path / "target", tmp_path / "away"
    keyring.mirrors.add(target)
    target.rename(away)
    target.write_text("not a folder")
    ref = KeyRef(INSTANCE, KeyKind.ACCOUNT, new_id())
    keyring.create(ref)
    assert keyring.destroy([ref]) == [target]
    assert keyring.mirrors.catch_up() == [target]
    target.unlink()
    away.rename(target)
    assert keyring.mirrors.catch_up() == []
    assert _files(target) == _files(tmp_path / "keys")
