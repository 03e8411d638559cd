import json
from pathlib import Path

import pytest

from muniment.crypto.envelope import aad, derive, seal, unseal
from muniment.crypto.errors import SealError

KEY = bytes(range(32))
PLACE = aad(silo="s", table="t", row="r", purpose="p")
VECTORS = json.loads((Path(__file__).parent.parent / "vectors" / "envelope.json").read_text())


def test_what_is_sealed_opens() -> None:
    assert unseal(KEY, seal(KEY, b"charter", PLACE), PLACE) == b"charter"


@pytest.mark.parametrize("moved", [{"silo": "x"}, {"table": "x"}, {"row": "x"}, {"purpose": "x"}])
def test_a_record_moved_elsewhere_does_not_open(moved: dict[str, str]) -> None:
    place = aad(**{"silo": "s", "table": "t", "row": "r", "purpose": "p", **moved})
    with pytest.raises(SealError):
        unseal(KEY, seal(KEY, b"charter", PLACE), place)


def test_neighbouring_fields_cannot_trade_characters() -> None:
    assert aad(silo="ab", table="c", row="", purpose="") != aad(silo="a", table="bc", row="", purpose="")


@pytest.mark.parametrize("position", [0, 1, 12, 13, 20, -1])
def test_one_changed_bit_does_not_open(position: int) -> None:
    sealed = bytearray(seal(KEY, b"charter", PLACE))
    sealed[position] ^= 1
    with pytest.raises(SealError):
        unseal(KEY, bytes(sealed), PLACE)


@pytest.mark.parametrize("length", [0, 1, 28])
def test_a_stump_does_not_open(length: int) -> None:
    with pytest.raises(SealError):
        unseal(KEY, seal(KEY, b"charter", PLACE)[:length], PLACE)


@pytest.mark.parametrize("vector", VECTORS["open"], ids=lambda v: v["name"])
def test_the_format_is_pinned(vector: dict[str, str]) -> None:
    """tests/vectors/envelope.json: an envelope written by any version of Muniment is read by every later one."""
    place = aad(silo=vector["silo"], table=vector["table"], row=vector["row"], purpose=vector["purpose"])
    key, sealed = bytes.fromhex(vector["key"]), bytes.fromhex(vector["sealed"])
    if vector["expect"] == "opens":
        assert unseal(key, sealed, place) == bytes.fromhex(vector["plaintext"])
    else:
        with pytest.raises(SealError):
            unseal(key, sealed, place)


@pytest.mark.parametrize("vector", VECTORS["derive"], ids=lambda v: v["purpose"])
def test_derived_keys_are_pinned(vector: dict[str, str]) -> None:
    assert derive(bytes.fromhex(vector["key"]), vector["purpose"]).hex() == vector["derived"]
