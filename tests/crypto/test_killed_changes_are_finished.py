"""A process dies, or its disk is full, in the middle of a change of the keyring: nobody goes on with what was known."""

import os
from collections.abc import Callable, Iterable, Iterator
from itertools import combinations
from pathlib import Path
from threading import Thread

import pytest

from muniment.core.ids import new_id
from muniment.crypto import mirrors
from muniment.crypto.errors import KeyDestroyedError
from muniment.crypto.keyring import OPEN_RINGS, Keyring
from muniment.crypto.ledger import FILE as LEDGER
from muniment.crypto.mirrors import RINGS
from muniment.crypto.ring import SLOT, Ring
from muniment.crypto.types import INSTANCE, KeyKind, KeyRef


def _account(keyring: Keyring) -> KeyRef:
    ref = KeyRef(INSTANCE, KeyKind.ACCOUNT, new_id())
    keyring.create(ref)
    return ref


def _files(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in (*sorted(folder.glob("rings/*.ring")), folder / LEDGER)]


@pytest.mark.parametrize(
    "survives",
    range(1, 6),
    ids=["before the slot", "before the header", "before the ledger's copy", "in the mirror", "before its header"],
)
def test_a_death_while_a_key_is_destroyed(
    opened: Callable[[], Keyring], folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, survives: int
) -> None:
    mine, theirs, target = opened(), opened(), tmp_path / "target"
    kept, ref = _account(mine), _account(mine)
    mine.mirrors.add(target)
    assert theirs.open(ref)
    written, write = [], os.pwrite

    def die(descriptor: int, data: bytes, offset: int) -> int:
        if len(written) == survives:
            raise KeyboardInterrupt
        written.append(offset)
        return write(descriptor, data, offset)

    monkeypatch.setattr(os, "pwrite", die)
    with pytest.raises(KeyboardInterrupt):
        mine.destroy([ref])
    monkeypatch.undo()

    opened().finish_destructions()
    with pytest.raises(KeyDestroyedError):
        theirs.open(ref)  # it lived on with the opened key in its cache
    assert theirs.open(kept)
    assert _files(target) == _files(folder)


def test_a_full_disk_leaves_no_key_that_only_memory_knows(
    opened: Callable[[], Keyring], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Data sealed under such a key could never be read again."""
    keyring = opened()
    _account(keyring)
    ref = KeyRef(INSTANCE, KeyKind.DAY, new_id())
    write = os.pwrite

    def full(descriptor: int, data: bytes, offset: int) -> int:
        return write(descriptor, data[: SLOT // 2] if offset else data, offset)

    monkeypatch.setattr(os, "pwrite", full)
    with pytest.raises(OSError, match="No space"):
        keyring.ensure(ref)
    monkeypatch.undo()
    assert not keyring.holds(ref)
    key = keyring.ensure(ref)
    assert opened().open(ref) == key


def test_a_copy_that_began_before_a_destruction_does_not_bring_the_key_back(
    opened: Callable[[], Keyring], folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, theirs, target = opened(), opened(), tmp_path / "target"
    ref = _account(mine)
    copy = mirrors._replace
    destroyers: list[Thread] = []

    def copied_while_destroyed(source: Path, place: Path) -> None:
        if source.suffix != ".ring" or destroyers:
            copy(source, place)
            return
        old = source.read_bytes()
        destroyers.append(Thread(target=lambda: theirs.destroy([ref])))
        destroyers[0].start()
        destroyers[0].join(0.5)  # it must wait for this copy; were it let through, it would be done long before
        place.write_bytes(old)

    monkeypatch.setattr(mirrors, "_replace", copied_while_destroyed)
    mine.mirrors.add(target)
    destroyers[0].join()
    assert _files(target) == _files(folder)


def _open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_a_thousand_silos_need_a_few_hundred_files(opened: Callable[[], Keyring]) -> None:
    keyring = opened()
    team = KeyRef(INSTANCE, KeyKind.TEAM, new_id())
    keyring.create(team)
    before = _open_files()
    refs = []
    for _ in range(OPEN_RINGS + 40):
        silo = new_id()
        keyring.create(KeyRef(INSTANCE, KeyKind.SILO, silo), parent=team)
        refs.append(KeyRef(silo, KeyKind.DOCUMENT, new_id()))
        keyring.create(refs[-1])
    assert _open_files() - before <= 2 * OPEN_RINGS
    assert keyring.open(refs[0])


def test_a_change_after_a_death_hides_nothing_from_the_mirror(
    opened: Callable[[], Keyring], folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process dies between ring and mirror; another, that lives on, makes the next change before any start."""
    mine, theirs, target = opened(), opened(), tmp_path / "target"
    refs = [_account(mine), _account(mine)]
    mine.mirrors.add(target)

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(mirrors.Mirrors, "repeat", die)
    with pytest.raises(KeyboardInterrupt):
        mine.destroy(refs)
    monkeypatch.undo()
    _account(theirs)
    assert _files(target) == _files(folder)


def _survivors(path: Path, act: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> Iterator[bytes]:
    """Each content the file may have after a loss of power during or after the act: what was synced, and any of the
    rest."""
    write, durable, pending = os.pwrite, path.read_bytes(), list[tuple[int, bytes]]()
    found: set[bytes] = set()

    def survive() -> None:
        for count in range(len(pending) + 1):
            for some in combinations(pending, count):
                found.add(_written(durable, some))

    def noted(descriptor: int, data: bytes, offset: int) -> int:
        pending.append((offset, data))
        survive()
        return write(descriptor, data, offset)

    def synced(_: int) -> None:
        nonlocal durable
        durable = _written(durable, pending)
        pending.clear()

    monkeypatch.setattr(os, "pwrite", noted)
    monkeypatch.setattr(os, "fdatasync", synced)
    act()
    monkeypatch.undo()
    yield from found


def _written(content: bytes, writes: Iterable[tuple[int, bytes]]) -> bytes:
    changed = bytearray(content)
    for offset, data in writes:
        changed.extend(bytes(max(0, offset - len(changed))))
        changed[offset : offset + len(data)] = data
    return bytes(changed)


def test_power_fails_while_keys_are_made_and_destroyed(
    opened: Callable[[], Keyring], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyring = opened()
    kept, gone, path = _account(keyring), _account(keyring), folder / RINGS / "instance.ring"
    acts = {
        "at the end": lambda: _account(keyring),
        "destroyed": lambda: keyring.destroy([gone]),
        "in its place": lambda: _account(keyring),
    }
    for name, act in acts.items():
        survivors = list(_survivors(path, act, monkeypatch))
        now = path.read_bytes()
        assert len(survivors) >= 4, name
        for content in survivors:
            path.write_bytes(content)
            again = opened()
            assert again.open(kept), name
            assert _account(again), name
        path.write_bytes(now)


def test_a_silo_whose_process_died_before_its_ring_was_made_is_no_damage(
    opened: Callable[[], Keyring], monkeypatch: pytest.MonkeyPatch
) -> None:
    keyring = opened()
    team, silo = KeyRef(INSTANCE, KeyKind.TEAM, new_id()), KeyRef(INSTANCE, KeyKind.SILO, new_id())
    keyring.create(team)
    with monkeypatch.context() as dying:
        dying.setattr(Ring, "create", _dies)
        with pytest.raises(KeyboardInterrupt):
            keyring.create(silo, parent=team)
    after = opened()
    assert not after.holds(silo)
    assert after.faults() == []
    after.create(silo, parent=team)
    assert after.holds(silo)


def _dies(_path: Path) -> Ring:
    raise KeyboardInterrupt
