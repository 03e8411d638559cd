"""One file of wrapped keys in fixed slots of 128 bytes.

    header   magic(8) | epoch(8) | changes(8) | slots(8) | live(8) | zeros
    slot     state(1) | kind(1) | zeros(6) | created(8) | id(16) | parent(16) | wrapped(61) | zeros

Creating a key writes one slot, destroying it overwrites that slot with zeros in place; both are durable before the
call returns. `changes` is odd while slots are being written: whoever finds it so, alone, knows that a process died
over them, and lets every cache, here and in the mirrors, be read anew.

`slots` says how many there are, `live` how many hold a key. Attack stopped: a file cut or blanked in the middle, whose
missing keys would pass for destroyed ones. Residue accepted: what was lost while a process died over a change.

A slot is smaller than a disk sector, and its AEAD tag makes a torn one read as absent: a key torn at creation had
sealed nothing yet, a key torn at destruction is destroyed. Residue: flash and copy-on-write media may keep an old
version of the sector; docs/threat-model.md names it.
"""

import errno
import fcntl
import mmap
import os
import struct
import threading
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from muniment.core.durable import fsync_folder, open_plain
from muniment.crypto.errors import KeyringDamagedError

SLOT = 128
WRAPPED = 61
_MAGIC = b"MUNRING1"
_HEADER = struct.Struct("<8sQQQQ")
_SLOT = struct.Struct(f"<BB6xQ16s16s{WRAPPED}s")
_NAME = struct.Struct(f"<B1s14x16s{SLOT - 32}x")  # state, kind and id of a slot: what keys are looked up by
_LIVE = 1
_LIVE_BYTE = bytes([_LIVE])


@dataclass(frozen=True, slots=True)
class Slot:
    kind: int
    id: bytes
    parent: bytes
    created: int  # seconds since 1970, UTC
    wrapped: bytes


@dataclass(frozen=True, slots=True)
class _Header:
    epoch: int
    changes: int
    slots: int
    live: int

    @classmethod
    def of(cls, data: bytes | mmap.mmap) -> "_Header":
        return cls(*_HEADER.unpack_from(data)[1:])

    def to_bytes(self) -> bytes:
        return _HEADER.pack(_MAGIC, self.epoch, self.changes, self.slots, self.live).ljust(SLOT, b"\0")

    @property
    def is_odd(self) -> bool:
        return self.changes % 2 == 1

    @property
    def size(self) -> int:
        """Bytes that the file has at least: it grows before its header says so."""
        return (self.slots + 1) * SLOT


@dataclass(frozen=True, slots=True)
class Change:
    """Slots by number, None for one that is cleared, and the headers around it: written here, then in each mirror."""

    before: _Header
    slots: Mapping[int, Slot | None]
    after: _Header

    def write(self, descriptor: int) -> None:
        """The slots are durable on return. After a loss of power at any moment the header is odd, or says the truth.

        So it is odd on the disk before a slot changes that it counts, and even only after. That it is even need not be
        durable: it is counted anew where that is lost.
        """
        _write(descriptor, replace(self.before, changes=self.before.changes + 1).to_bytes(), 0)
        if any(number <= self.before.slots for number in self.slots):
            os.fdatasync(descriptor)
        for number, slot in self.slots.items():
            _write(descriptor, _pack(slot), number * SLOT)
        os.fdatasync(descriptor)
        _write(descriptor, self.after.to_bytes(), 0)


class Ring:
    """One ring file, opened. Safe for threads and for several processes (flock on the file itself)."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        self._depth = 0
        self._descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
        weakref.finalize(self, os.close, self._descriptor)
        self._content()
        self._map = mmap.mmap(self._descriptor, SLOT, prot=mmap.PROT_READ)
        self._inode = os.fstat(self._descriptor).st_ino

    @classmethod
    def create(cls, path: Path) -> "Ring":
        """Makes the file durably; another process that makes it at the same moment wins or loses harmlessly."""
        temporary = path.with_suffix(f".{os.getpid()}.{threading.get_ident()}")
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(_EMPTY.to_bytes())
            file.flush()
            os.fsync(file.fileno())
        try:
            path.hardlink_to(temporary)  # not rename: an existing ring full of keys must never be replaced
        except FileExistsError:
            pass
        finally:
            temporary.unlink()
        fsync_folder(path.parent)
        return cls(path)

    @property
    def epoch(self) -> int:
        """Grows with every destruction, in whichever process: a cache of an older epoch must not be used."""
        return int.from_bytes(self._map[8:16], "little")

    @property
    def changes(self) -> int:
        """Grows with every creation and destruction."""
        return int.from_bytes(self._map[16:24], "little")

    def is_current(self) -> bool:
        """Whether the path still leads to this file; False after another process dropped the ring."""
        try:
            return self.path.stat().st_ino == self._inode
        except FileNotFoundError:
            return False

    def read(self) -> list[Slot | None]:
        """Every slot from the file, None for a free or torn one; index 0 is slot number 1."""
        data = self._content()
        return [_slot(data, number * SLOT) for number in range(1, len(data) // SLOT)]

    def slot(self, number: int) -> Slot | None:
        """One slot from the file; None when it is free by now."""
        data = os.pread(self._descriptor, SLOT, number * SLOT)
        if len(data) < SLOT:
            raise damaged(self.path)
        return _slot(data, 0)

    def names(self) -> list[bytes | None]:
        """The kind (one byte) and id of each slot, None for a free one; index 0 is slot number 1."""
        slots = memoryview(self._content())[SLOT:]
        return [kind + identifier if state == _LIVE else None for state, kind, identifier in _NAME.iter_unpack(slots)]

    def _content(self) -> bytes:
        """Header and slots; raises KeyringDamagedError where they are not what the header says."""
        data = _whole(self._descriptor)
        if data is None:
            raise damaged(self.path)
        return data

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Alone among threads and processes; may be entered again by the thread that is in it."""
        with self._lock:
            if self._depth == 0:
                fcntl.flock(self._descriptor, fcntl.LOCK_EX)
            self._depth += 1
            try:
                if self._depth == 1 and _Header.of(self._map).is_odd:
                    self._settle()
                yield
            finally:
                self._depth -= 1
                if self._depth == 0:
                    fcntl.flock(self._descriptor, fcntl.LOCK_UN)

    def put(self, slots: Mapping[int, Slot | None]) -> Change:
        """Writes slots by number, zeros for None. Call within `locked`. Durable on return."""
        before = _Header.of(self._map)
        filled = sum(slot is not None for slot in slots.values())
        after = _Header(
            epoch=before.epoch + (filled < len(slots)),
            changes=before.changes + 2,
            slots=max(before.slots, *slots),
            live=before.live + filled - sum(self._is_live(number) for number in slots if number <= before.slots),
        )
        change = Change(before, slots, after)
        change.write(self._descriptor)
        return change

    def _is_live(self, number: int) -> bool:
        return os.pread(self._descriptor, 1, number * SLOT) == _LIVE_BYTE

    def _settle(self) -> None:
        """What a process that died half wrote counts as a destruction: every cache of this ring is void."""
        os.fdatasync(self._descriptor)
        data, before = self._content(), _Header.of(self._map)
        after = _Header(before.epoch + 1, before.changes + 1, slots=len(data) // SLOT - 1, live=_count(data))
        _write(self._descriptor, after.to_bytes(), 0)


_EMPTY = _Header(epoch=1, changes=0, slots=0, live=0)
"""Of a ring without a key."""


def is_sound(path: Path) -> bool:
    """Whether the file is a ring, with as many slots and keys as its header says."""
    with path.open("rb", buffering=0) as file:
        return _whole(file.fileno()) is not None


def damaged(path: Path) -> KeyringDamagedError:
    return KeyringDamagedError(
        f"The keyring {path} is damaged. Put its copy, out of rings in a backup target, in its place."
    )


def header_of(path: Path) -> bytes:
    """The header of a ring file, to compare; empty where none can be read, or the file is shorter than it says."""
    try:
        with os.fdopen(open_plain(path, os.O_RDONLY), "rb", buffering=0) as file:
            data = file.read(SLOT) or b""
            return data if _begins_well(data) and os.fstat(file.fileno()).st_size >= _Header.of(data).size else b""
    except OSError:
        return b""


def _whole(descriptor: int) -> bytes | None:
    """Header and slots as of one change; None where they are not what the header says.

    Lock-free: a change makes the header odd before it touches a slot, so a header that is the same before and after
    the reading stood over all of it. Of one that is odd nothing can be counted: the next reading does.
    """
    data, after = b"", b" "
    while data[:SLOT] != after:
        data = os.pread(descriptor, os.fstat(descriptor).st_size, 0)
        after = os.pread(descriptor, SLOT, 0)
    if not _begins_well(data):
        return None
    header = _Header.of(data)
    if len(data) < header.size:
        return None
    if header.is_odd:
        return data[: len(data) // SLOT * SLOT]
    return data[: header.size] if _count(data[: header.size]) == header.live else None


def _write(descriptor: int, data: bytes, offset: int) -> None:
    if os.pwrite(descriptor, data, offset) != len(data):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _begins_well(data: bytes) -> bool:
    return len(data) >= SLOT and data.startswith(_MAGIC)


def _count(data: bytes) -> int:
    """How many slots hold a key."""
    return data[SLOT::SLOT].count(_LIVE_BYTE)


def _slot(data: bytes, offset: int) -> Slot | None:
    state, kind, created, identifier, parent, wrapped = _SLOT.unpack_from(data, offset)
    return Slot(kind, identifier, parent, created, wrapped) if state == _LIVE else None


def _pack(slot: Slot | None) -> bytes:
    if slot is None:
        return bytes(SLOT)
    return _SLOT.pack(_LIVE, slot.kind, slot.created, slot.id, slot.parent, slot.wrapped).ljust(SLOT, b"\0")
