"""A ZIP or TAR that somebody uploads to get the documents in it read: its files, through archives within it.

Attacks stopped: bombs (files, bytes and nesting are counted over the whole tree while it inflates, and nothing declared
is believed), names that leave the archive, links and devices, two files of one name, a tree that contains itself.
Nothing is ever written to a disk; a name stays a name.
"""

import bz2
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Protocol

from muniment.core.cleaning import one_line
from muniment.ingest.errors import ParseError, Reason
from muniment.ingest.parsing.archive import FREE, STEP, check_members, leaves
from muniment.ingest.parsing.formats import Format, package_format
from muniment.ingest.parsing.mail import holds_messages
from muniment.ingest.types import Limits
from muniment.ingest.unpacked import Member, Unpacked

BATCH = 32 * 2**20
"""Bytes handed out at once, beyond the last file of a batch."""
_BATCH_COUNT = 200
ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_MAGIC_AT = 257
_HEADER = 512
_LITTER = frozenset([".DS_Store", "Thumbs.db", "desktop.ini", "__MACOSX"])
"""What operating systems leave in archives, and no person put there."""
_DAMAGE = (
    zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, ValueError, NotImplementedError,
    OSError, IndexError,
)  # fmt: skip


def is_bundle(data: bytes) -> bool:
    """Whether this is an archive of files, not one that an office program or a bookmaker calls a document."""
    if data.startswith(ZIP):
        try:
            return package_format(zip_names(data)) is Format.BUNDLE
        except ParseError:  # damaged: what reads it as a document says so
            return False
    return is_tar(data)


Attached = Callable[[bytes], Iterator[tuple[str, bytes]]]
"""The files attached to what may be a message."""


def unpack(data: bytes, first: int, limits: Limits, *, attached: Attached) -> bytes:
    """Files from number `first` on, as many as fit a batch: `Unpacked` as bytes. Raises ParseError.

    Of a message that is no archive they are the `attached` ones; of one in an archive both are there.

    With the first batch all of the archive is looked at, so that one that is refused was not half taken in.
    """
    if first == 0:
        for _ in _Tree(limits, attached).files(data, "", 0):
            pass
    members: list[Member] = []
    size = 0
    for member in islice(_Tree(limits, attached).files(data, "", 0), first, None):
        if members and (size + len(member.data) > BATCH or len(members) == _BATCH_COUNT):
            return Unpacked(members, first + len(members)).to_bytes()
        members.append(member)
        size += len(member.data)
    if not members and first == 0:
        raise ParseError(Reason.NO_TEXT)
    return Unpacked(members, None).to_bytes()


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


@dataclass(slots=True)
class _Tree:
    """Counts over an archive and all archives in it."""

    limits: Limits
    attached: Attached
    count: int = 0
    size: int = 0
    names: set[str] = field(default_factory=set)

    def files(self, data: bytes, above: str, depth: int) -> Iterator[Member]:
        if depth == self.limits.max_nesting:
            raise ParseError(Reason.TOO_DEEP)
        try:
            yield from self._mailed(data, above, depth) if holds_messages(data) else self._files(data, above, depth)
        except _DAMAGE:
            raise ParseError(Reason.DAMAGED) from None

    def _files(self, data: bytes, above: str, depth: int) -> Iterator[Member]:
        for path, inner in self._zipped(data) if data.startswith(ZIP) else self._taped(data):
            if not _LITTER.isdisjoint(path.split("/")) or path.rpartition("/")[2].startswith("._"):
                continue
            name = f"{above}{one_line(path)}"
            if name in self.names:  # two readers would see two documents
                raise ParseError(Reason.MALFORMED)
            self.names.add(name)
            if is_bundle(inner):
                yield from self.files(inner, f"{name}/", depth + 1)
            else:
                yield Member(name, inner)
                if holds_messages(inner):
                    yield from self._mailed(inner, f"{name}/", depth + 1)

    def _mailed(self, data: bytes, above: str, depth: int) -> Iterator[Member]:
        """What is attached to a message, counted as files of an archive are."""
        for path, inner in self.attached(data):
            self._counted(1)
            self.size += len(inner)
            name = f"{above}{one_line(path)}"
            if self.size > self.limits.max_inflated or name in self.names:
                raise ParseError(Reason.ARCHIVE_BOMB if self.size > self.limits.max_inflated else Reason.MALFORMED)
            if len(inner) > self.limits.max_packed:
                raise ParseError(Reason.FILE_TOO_LARGE, limit=self.limits.max_packed // 2**20)
            self.names.add(name)
            if is_bundle(inner):
                yield from self.files(inner, f"{name}/", depth + 1)
            else:
                yield Member(name, inner)

    def _zipped(self, data: bytes) -> Iterator[tuple[str, bytes]]:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            self._counted(len(members))
            check_members(members, self.limits)
            for member in members:
                if not member.is_dir():
                    with archive.open(member) as stream:
                        yield member.filename, self._inflated(stream, member.compress_size)

    def _taped(self, data: bytes) -> Iterator[tuple[str, bytes]]:
        before = self.size
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:*") as archive:
            for member in archive:
                self._counted(1)
                if leaves(member.name) or not (member.isfile() or member.isdir()):
                    raise ParseError(Reason.ARCHIVE_PATH)
                stream = archive.extractfile(member) if member.isfile() else None
                if stream is not None:
                    yield member.name, self._inflated(stream, len(data), spent=self.size - before)
            if archive.fileobj is not None:  # to the end of the compressed bytes: else one that was cut off looks whole
                self._inflated(archive.fileobj, len(data), spent=self.size - before)

    def _counted(self, more: int) -> None:
        self.count += more
        if self.count > self.limits.max_documents:
            raise ParseError(Reason.TOO_MANY_FILES, limit=self.limits.max_documents)

    def _inflated(self, stream: _Readable, compressed: int, spent: int = 0) -> bytes:
        """`spent`: what came out of the same compressed bytes before."""
        pieces: list[bytes] = []
        size = 0
        while piece := stream.read(STEP):
            size += len(piece)
            self.size += len(piece)
            ratio_is_off = spent + size > FREE + self.limits.max_ratio * compressed
            if self.size > self.limits.max_inflated or ratio_is_off:
                raise ParseError(Reason.ARCHIVE_BOMB)
            if size > self.limits.max_packed:
                raise ParseError(Reason.FILE_TOO_LARGE, limit=self.limits.max_packed // 2**20)
            pieces.append(piece)
        return b"".join(pieces)


def zip_names(data: bytes) -> frozenset[str]:
    """Raises ParseError (DAMAGED)."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return frozenset(archive.namelist())
    except _DAMAGE:
        raise ParseError(Reason.DAMAGED) from None


def is_tar(data: bytes) -> bool:
    """Plain, or compressed by gzip, bzip2 or xz: its first header says so, and no more than that is inflated."""
    if data[_MAGIC_AT : _MAGIC_AT + 5] == b"ustar":
        return True
    try:
        if data.startswith(b"\x1f\x8b"):
            head = zlib.decompressobj(wbits=31).decompress(data, _HEADER)
        elif data.startswith(b"BZh"):
            head = bz2.BZ2Decompressor().decompress(data, _HEADER)
        elif data.startswith(b"\xfd7zXZ\x00"):
            head = lzma.LZMADecompressor(memlimit=2**28).decompress(data, _HEADER)
        else:
            return False
    except _DAMAGE:
        return False
    return head[_MAGIC_AT : _MAGIC_AT + 5] == b"ustar"
