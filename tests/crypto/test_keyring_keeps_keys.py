from collections.abc import Iterator
from pathlib import Path

import pytest

from muniment.core.ids import new_id
from muniment.crypto import ledger
from muniment.crypto.errors import KeyDestroyedError, RootKeyError
from muniment.crypto.keyring import Keyring
from muniment.crypto.mirrors import RINGS
from muniment.crypto.root import LocalRootKey
from muniment.crypto.types import INSTANCE, KeyKind, KeyRef

ROOT = bytes(range(32))


def _keyring(folder: Path, root: bytes = ROOT) -> Keyring:
    return Keyring(folder, LocalRootKey(root))


def _silo(keyring: Keyring) -> str:
    team, silo = KeyRef(INSTANCE, KeyKind.TEAM, new_id()), new_id()
    keyring.create(team)
    keyring.create(KeyRef(INSTANCE, KeyKind.SILO, silo), parent=team)
    return silo


def test_a_key_is_found_again_by_another_process(folder: Path) -> None:
    keyring = _keyring(folder)
    ref = KeyRef(_silo(keyring), KeyKind.DOCUMENT, new_id())
    (key,) = keyring.create(ref)
    assert _keyring(folder).open(ref) == key


def test_a_destroyed_key_is_gone_in_every_process_at_once(folder: Path) -> None:
    mine, theirs = _keyring(folder), _keyring(folder)
    ref = KeyRef(_silo(mine), KeyKind.DOCUMENT, new_id())
    mine.create(ref)
    assert theirs.open(ref)
    before = theirs.epoch(ref.ring)
    mine.destroy([ref])
    assert theirs.epoch(ref.ring) > before
    with pytest.raises(KeyDestroyedError):
        theirs.open(ref)


def test_destroying_a_silo_key_takes_every_key_below_it(folder: Path) -> None:
    keyring = _keyring(folder)
    silo = _silo(keyring)
    ref = KeyRef(silo, KeyKind.DOCUMENT, new_id())
    keyring.create(ref)
    keyring.destroy([KeyRef(INSTANCE, KeyKind.SILO, silo)])
    with pytest.raises(KeyDestroyedError):
        _keyring(folder).open(ref)
    keyring.drop_ring(silo)
    with pytest.raises(KeyDestroyedError):
        keyring.open(ref)
    assert keyring.epoch(silo) == 0


def test_a_destroyed_slot_holds_no_trace_and_is_used_again(folder: Path) -> None:
    keyring = _keyring(folder)
    silo = _silo(keyring)
    old, new = (KeyRef(silo, KeyKind.DOCUMENT, new_id()) for _ in range(2))
    keyring.create(old)
    path = folder / RINGS / f"{silo}.ring"
    before = path.read_bytes()
    keyring.destroy([old])
    after = path.read_bytes()
    assert any(before[128:256])
    assert not any(after[128:256])
    keyring.create(new)
    assert len(path.read_bytes()) == len(before)
    assert _keyring(folder).open(new) == keyring.open(new)


def test_many_keys_at_once(folder: Path) -> None:
    keyring = _keyring(folder)
    silo = _silo(keyring)
    refs = [KeyRef(silo, KeyKind.SEGMENT, new_id()) for _ in range(300)]
    keys = keyring.create(*refs)
    assert len(set(keys)) == 300
    keyring.destroy(refs[::2])
    assert {ref for ref, _ in _keyring(folder).refs(silo)} == set(refs[1::2])


def test_the_root_key_of_another_installation_is_refused(folder: Path) -> None:
    ref = KeyRef(INSTANCE, KeyKind.CONTROL, new_id())
    _keyring(folder).create(ref)
    assert _keyring(folder).open(ref)
    with pytest.raises(RootKeyError, match="another installation"):
        _keyring(folder, bytes(32)).open(ref)


def test_a_crash_between_ledger_and_slot_is_finished_at_the_next_start(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyring = _keyring(folder)
    ref = KeyRef(_silo(keyring), KeyKind.DOCUMENT, new_id())
    keyring.create(ref)

    def crash(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(Keyring, "_clear", crash)
    with pytest.raises(KeyboardInterrupt):
        keyring.destroy([ref])
    monkeypatch.undo()
    restarted = _keyring(folder)
    assert restarted.open(ref)
    assert restarted.finish_destructions() == 1
    with pytest.raises(KeyDestroyedError):
        restarted.open(ref)


def test_a_ring_that_another_process_drops_meanwhile_holds_up_no_start(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was there when the ledger was read, and is gone when its turn comes: with its silo, whose erasure ended."""
    theirs = _keyring(folder)
    first, dropped, last = sorted(_silo(theirs) for _ in range(3))
    crashed = [KeyRef(silo, KeyKind.DOCUMENT, new_id()) for silo in (first, dropped, last)]
    for ref in crashed:
        theirs.create(ref)
    monkeypatch.setattr(Keyring, "_clear", lambda *_: 0)  # as a crash leaves them
    for ref in crashed:
        theirs.destroy([ref])
    monkeypatch.undo()
    written = ledger.read

    def read(keys: Path) -> Iterator[ledger.Erasure]:
        yield from written(keys)
        theirs.destroy([KeyRef(INSTANCE, KeyKind.SILO, dropped)])
        theirs.drop_ring(dropped)

    monkeypatch.setattr(ledger, "read", read)
    assert _keyring(folder).finish_destructions() == 2


@pytest.mark.parametrize("name", ["../instance", "a/b", "", "INSTANCE", "." * 26])
def test_a_ring_name_cannot_leave_the_folder(folder: Path, name: str) -> None:
    with pytest.raises(Exception, match="nothing with this id"):
        _keyring(folder).epoch(name)


def test_keys_opened_together_leave_out_what_was_destroyed(folder: Path) -> None:
    mine, theirs = _keyring(folder), _keyring(folder)
    ring = _silo(mine)
    kept, gone = (KeyRef(ring, KeyKind.DOCUMENT, new_id()) for _ in range(2))
    keys = dict(zip((kept, gone), mine.create(kept, gone), strict=True))
    assert theirs.open_all([kept, gone]) == keys
    mine.destroy([gone])
    assert theirs.open_all([kept, gone]) == {kept: keys[kept], gone: None}
    assert theirs.open_all([]) == {}
