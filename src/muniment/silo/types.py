"""The tables of a silo, and what an engine must be able to do. An engine never sees content."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from muniment.crypto.types import KeyKind


class Table(StrEnum):
    """Every record belongs to a group: the document or conversation whose key seals it."""

    DOCUMENT = "document"
    LOOKUP = "lookup"  # keyed digests of names and contents, to find a document by either
    QUEUE = "queue"  # documents that wait to be read, in order of arrival
    AGAIN = "again"  # live documents that wait to be masked and indexed anew
    HELD = "held"  # documents that were read and wait for space, in order of arrival
    TEXT = "text"  # the extracted text of one document
    MASK = "mask"  # what its working text says instead of personal data, and where: offset map and vault in one
    CHUNK = "chunk"  # id is the chunk's number, 4 bytes big-endian
    SENTENCES = "sentences"  # vectors of the sentences of one chunk, made on first use
    CONVERSATION = "conversation"
    MESSAGE = "message"
    RULE = "rule"  # what an owner taught the detector: words, patterns, contacts


GROUP_KEY: Mapping[Table, KeyKind] = {
    Table.DOCUMENT: KeyKind.DOCUMENT,
    Table.LOOKUP: KeyKind.DOCUMENT,
    Table.QUEUE: KeyKind.DOCUMENT,
    Table.AGAIN: KeyKind.DOCUMENT,
    Table.HELD: KeyKind.DOCUMENT,
    Table.TEXT: KeyKind.DOCUMENT,
    Table.MASK: KeyKind.DOCUMENT,
    Table.CHUNK: KeyKind.DOCUMENT,
    Table.SENTENCES: KeyKind.DOCUMENT,
    Table.CONVERSATION: KeyKind.CONVERSATION,
    Table.MESSAGE: KeyKind.CONVERSATION,
    Table.RULE: KeyKind.VAULT,
}


@dataclass(frozen=True, slots=True)
class Row:
    """`id` up to 16 bytes, `group` 16 bytes, `body` sealed."""

    id: bytes
    group: bytes
    body: bytes


@dataclass(frozen=True, slots=True)
class SegmentInfo:
    """A sealed, immutable piece of an index; `label` says which kind ("postings:en", "vectors").

    `first` and `last` are the lowest and the highest number of its chunks: which segments a chunk may be in is known
    without opening any. They tell no more than the ids of the chunk records beside them.
    """

    id: str
    label: str
    chunks: int
    first: int
    last: int
    size: int  # bytes, sealed


@dataclass(frozen=True, slots=True)
class PendingKey:
    """A key whose destruction was decided in a committed transaction and must still be carried out."""

    kind: KeyKind
    id: str


class Reader(Protocol):
    """One consistent view of the silo."""

    def get(self, table: Table, row: bytes) -> Row | None: ...

    def get_many(self, table: Table, rows: Sequence[bytes]) -> list[Row]:
        """Those that exist, in the order asked for."""

    def rows(self, table: Table, *, group: bytes | None = None, first: int | None = None) -> Iterator[Row]:
        """In order of id; the `first` so many, or all."""

    def newest(
        self, table: Table, *, start: int, count: int | None, among: Table | None = None, outside: Sequence[Table] = ()
    ) -> list[Row]:
        """In the order in which they were first put, the last first: so many, or all, from place `start` on.

        Only those whose group has a record in `among` and none in `outside`.
        """

    def count(self, table: Table, *, group: bytes | None = None) -> int: ...

    def groups(self, table: Table) -> set[bytes]:
        """The groups that have a record there."""

    def segments(self) -> list[SegmentInfo]: ...

    def segment(self, segment: str) -> bytes | None: ...

    def generation(self) -> int:
        """Grows with every change of segments or deletion of records: caches of an older one are void."""

    def pending_events(self) -> list[tuple[str, bytes]]: ...

    def pending_keys(self) -> list[PendingKey]: ...


class Writer(Reader, Protocol):
    """One transaction: all of it commits, or none."""

    def put(self, table: Table, rows: Iterable[Row]) -> None: ...

    def delete(self, table: Table, rows: Iterable[bytes]) -> int: ...

    def delete_group(self, table: Table, group: bytes) -> int: ...

    def put_segment(self, info: SegmentInfo, body: bytes) -> None: ...

    def delete_segments(self, segments: Iterable[str]) -> None: ...

    def relabel_segments(self, old: str, new: str) -> None:
        """Every segment of one label gets the other."""

    def take_numbers(self, count: int) -> int:
        """The first of `count` chunk numbers that were never used before in this silo."""

    def add_event(self, event: str, body: bytes) -> None: ...

    def remove_events(self, events: Iterable[str]) -> None: ...

    def add_pending_keys(self, keys: Iterable[PendingKey]) -> None: ...

    def remove_pending_keys(self, keys: Iterable[PendingKey]) -> None: ...


class Engine(Protocol):
    """Where the sealed records of one silo lie. tests/silo/engine_contract.py is what every engine must pass."""

    def reading(self) -> AbstractContextManager[Reader]: ...

    def writing(self) -> AbstractContextManager[Writer]: ...

    def scrub(self) -> None:
        """Makes sure that deleted records are in no free page and no log of the engine."""

    def snapshot(self, target: Path) -> None:
        """A consistent, still encrypted copy, while writes go on."""

    def check(self) -> None:
        """Reads everything; raises SiloCorruptedError."""

    def close(self) -> None: ...

    def destroy(self) -> None:
        """Removes every byte. Idempotent, in constant time."""
