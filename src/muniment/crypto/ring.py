"""One file of wrapped keys in fixed slots of 128 bytes.

    header   magic(8) | epoch(8) | changes(8) | zeros
    slot     state(1) | kind(1) | zeros(6) | created(8) | id(16) | parent(16) | wrapped(61) | zeros

Creating a key writes one slot, destroying it overwrites that slot with zeros in place; both are durable before the
call returns. `changes` is odd while slots are being written: whoever finds it so, alone, knows that a process died
over them, and lets every cache, here and in the mirrors, be read anew.

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
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from muniment.core.durable import fsync_folder
from muniment.core.errors import CorruptedError

SLOT = 128
WRAPPED = 61
_MAGIC = b"MUNRING1"
_HEADER = struct.Struct("<8sQQ")
_SLOT = struct.Struct(f"<BB6xQ16s16s{WRAPPED}s")
_NAME = struct.Struct(f"<B1s14x16s{SLOT - 32}x")  # state, kind and id of a slot: what keys are looked up by
_LIVE = 1


@dataclass(frozen=True, slots=True)
class Slot:
    kind: int
    id: bytes
    parent: bytes
    created: int  # seconds since 1970, UTC
    wrapped: bytes


@dataclass(frozen=True, slots=True)
class Write:
    """What was written where, for a mirror to repeat."""

    offset: int
    data: bytes


class Ring:
    """One ring file, opened. Safe for threads and for several processes (flock on the file itself)."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        self._depth = 0
        self._descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
        weakref.finalize(self, os.close, self._descriptor)
        if not is_sound(path):
            raise damaged(path)
        self._map = mmap.mmap(self._descriptor, SLOT, prot=mmap.PROT_READ)
        self._inode = os.fstat(self._descriptor).st_ino

    @classmethod
    def create(cls, path: Path) -> "Ring":
        """Makes the file durably; another process that makes it at the same moment wins or loses harmlessly."""
        temporary = path.with_suffix(f".{os.getpid()}.{threading.get_ident()}")
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(_header(1, 0))
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

    @property
    def is_interrupted(self) -> bool:
        """Whether a change is half written: by another process just now, or for ever by one that died."""
        return self.changes % 2 == 1

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
        return _slot(data, 0) if len(data) == SLOT else None

    def names(self) -> list[bytes | None]:
        """The kind (one byte) and id of each slot, None for a free one; index 0 is slot number 1."""
        data = memoryview(self._content())[SLOT:]
        whole = data[: len(data) // SLOT * SLOT]
        return [kind + identifier if state == _LIVE else None for state, kind, identifier in _NAME.iter_unpack(whole)]

    def _content(self) -> bytes:
        return os.pread(self._descriptor, os.fstat(self._descriptor).st_size, 0)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Alone among threads and processes; may be entered again by the thread that is in it."""
        with self._lock:
            if self._depth == 0:
                fcntl.flock(self._descriptor, fcntl.LOCK_EX)
            self._depth += 1
            try:
                if self._depth == 1 and self.is_interrupted:
                    self._settle()
                yield
            finally:
                self._depth -= 1
                if self._depth == 0:
                    fcntl.flock(self._descriptor, fcntl.LOCK_UN)

    def put(self, slots: Mapping[int, Slot | None]) -> list[Write]:
        """Writes slots by number, zeros for None, and the header. Call within `locked`. Durable on return."""
        destroyed = any(slot is None for slot in slots.values())
        epoch, changes = self.epoch, self.changes
        self._write([Write(0, _header(epoch, changes + 1))])
        if destroyed:  # first: a loss of power must not keep the zeros and forget that the mirrors lack them
            os.fdatasync(self._descriptor)
        writes = [Write(number * SLOT, _pack(slot)) for number, slot in slots.items()]
        writes.append(Write(0, _header(epoch + destroyed, changes + 2)))
        self._write(writes)
        os.fdatasync(self._descriptor)
        return writes

    def _settle(self) -> None:
        """What a process that died half wrote counts as a destruction: every cache of this ring is void."""
        self._write([Write(0, _header(self.epoch + 1, self.changes + 1))])
        os.fdatasync(self._descriptor)

    def _write(self, writes: Iterable[Write]) -> None:
        for write in writes:
            if os.pwrite(self._descriptor, write.data, write.offset) != len(write.data):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self.path))


def is_sound(path: Path) -> bool:
    """Whether the file begins as a ring does."""
    return path.stat().st_size >= SLOT and header_of(path).startswith(_MAGIC)


def damaged(path: Path) -> CorruptedError:
    return CorruptedError(
        f"The keyring {path} is damaged. Put its copy, out of rings in a backup target, in its place."
    )


def header_of(path: Path) -> bytes:
    """Epoch and changes of a ring file, to compare; empty when there is no such file."""
    try:
        with path.open("rb", buffering=0) as file:
            return file.read(_HEADER.size)
    except FileNotFoundError:
        return b""


def _header(epoch: int, changes: int) -> bytes:
    return _HEADER.pack(_MAGIC, epoch, changes).ljust(SLOT, b"\0")


def _slot(data: bytes, offset: int) -> Slot | None:
    state, kind, created, identifier, parent, wrapped = _SLOT.unpack_from(data, offset)
    return Slot(kind, identifier, parent, created, wrapped) if state == _LIVE else None


def _pack(slot: Slot | None) -> bytes:
    if slot is None:
        return bytes(SLOT)
    return _SLOT.pack(_LIVE, slot.kind, slot.created, slot.id, slot.parent, slot.wrapped).ljust(SLOT, b"\0")
