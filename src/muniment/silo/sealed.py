"""A silo as the rooms above see it: records in clear, sealed on the way to the engine, opened on the way back."""

import hmac
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from muniment.core.ids import id_bytes, id_from_bytes, new_id
from muniment.crypto.envelope import aad, derive, seal, unseal
from muniment.crypto.errors import KeyDestroyedError, SealError
from muniment.crypto.keyring import Keyring
from muniment.crypto.types import INSTANCE, KeyKind, KeyRef
from muniment.silo.errors import SiloCorruptedError
from muniment.silo.types import GROUP_KEY, Engine, PendingKey, Reader, Row, SegmentInfo, Table, Writer


@dataclass(frozen=True, slots=True)
class Record:
    """`group` is the id of the document or conversation the record belongs to."""

    id: bytes
    group: str
    content: bytes


class SiloReader:
    def __init__(self, silo: "Silo", reader: Reader) -> None:
        self._silo = silo
        self._reader = reader

    def get(self, table: Table, row: bytes) -> Record | None:
        """The record; None when there is none or its key was destroyed: both mean that it is gone."""
        return next(iter(self.get_many(table, [row])), None)

    def get_many(self, table: Table, rows: Sequence[bytes]) -> list[Record]:
        """Those that exist and can be opened, in the order asked for."""
        return self._opened_together(table, self._reader.get_many(table, rows))

    def newest(
        self,
        table: Table,
        *,
        start: int = 0,
        count: int | None = None,
        among: Table | None = None,
        outside: Sequence[Table] = (),
    ) -> list[Record]:
        """See `types.Reader.newest`."""
        found = self._reader.newest(table, start=start, count=count, among=among, outside=outside)
        return self._opened_together(table, found)

    def records(self, table: Table, *, group: str | None = None) -> Iterator[Record]:
        return self._opened(table, self._reader.rows(table, group=id_bytes(group) if group else None))

    def ids(self, table: Table, *, group: str | None = None, first: int | None = None) -> list[bytes]:
        """The ids of the records, or of the `first` so many, without opening them."""
        return [row.id for row in self._reader.rows(table, group=id_bytes(group) if group else None, first=first)]

    def existing(self, table: Table, rows: Sequence[bytes]) -> list[bytes]:
        """Those of the ids that have a record."""
        return [row.id for row in self._reader.get_many(table, rows)]

    def count(self, table: Table, *, group: str | None = None) -> int:
        return self._reader.count(table, group=id_bytes(group) if group else None)

    def groups(self, table: Table) -> set[bytes]:
        """The ids of the groups that have a record there, without opening one."""
        return self._reader.groups(table)

    def generation(self) -> int:
        return self._reader.generation()

    def segments(self) -> list[SegmentInfo]:
        return self._reader.segments()

    def segment(self, segment: str) -> bytes | None:
        """The segment in clear; None when its key was destroyed (it is rebuilt from the chunks that can be opened)."""
        body = self._reader.segment(segment)
        try:
            key = self._silo.keyring.open(self._silo.key(KeyKind.SEGMENT, segment))
        except KeyDestroyedError:
            return None
        return None if body is None else self._silo.unsealed(key, body, "segment", segment)

    def _opened_together(self, table: Table, found: Sequence[Row]) -> list[Record]:
        refs = [self._silo.key(GROUP_KEY[table], id_from_bytes(row.group)) for row in found]
        keys = self._silo.keyring.open_all(set(refs))
        return [
            Record(row.id, ref.id, self._silo.unsealed(key, row.body, table, row.id.hex()))
            for row, ref in zip(found, refs, strict=True)
            if (key := keys[ref]) is not None
        ]

    def _opened(self, table: Table, rows: Iterable[Row]) -> Iterator[Record]:
        keyring = self._silo.keyring
        for row in rows:
            group = id_from_bytes(row.group)
            try:
                key = keyring.open(self._silo.key(GROUP_KEY[table], group))
            except KeyDestroyedError:
                continue
            yield Record(row.id, group, self._silo.unsealed(key, row.body, table, row.id.hex()))


class SiloWriter(SiloReader):
    """One transaction. Keys of new groups are made, durably, before anything is sealed under them."""

    def __init__(self, silo: "Silo", writer: Writer) -> None:
        super().__init__(silo, writer)
        self._writer = writer
        self.has_events = False

    def put(self, table: Table, records: Iterable[Record]) -> None:
        keyring = self._silo.keyring
        self._writer.put(
            table,
            (
                Row(
                    record.id,
                    id_bytes(record.group),
                    seal(
                        keyring.open(self._silo.key(GROUP_KEY[table], record.group)),
                        record.content,
                        self._silo.place(table, record.id.hex()),
                    ),
                )
                for record in records
            ),
        )

    def delete(self, table: Table, rows: Iterable[bytes]) -> int:
        return self._writer.delete(table, rows)

    def erase_group(self, tables: Iterable[Table], group: str, *, also: Iterable[KeyKind] = ()) -> int:
        """Deletes the records of a group and marks its keys for destruction, which follows the commit."""
        tables = list(tables)
        gone = sum(self._writer.delete_group(table, id_bytes(group)) for table in tables)
        kinds = {GROUP_KEY[table] for table in tables} | set(also)
        self._writer.add_pending_keys(PendingKey(kind, group) for kind in kinds)
        return gone

    def erase_original(self, document: str) -> None:
        """Marks the key of the file that was uploaded for destruction, which follows the commit; then unlink it."""
        self._writer.add_pending_keys([PendingKey(KeyKind.ORIGINAL, document)])

    def put_segment(self, label: str, content: bytes, *, chunks: int, first: int, last: int) -> str:
        """Seals a segment under a new key of its own; returns its id. See `SegmentInfo` for the numbers."""
        segment = new_id()
        (key,) = self._silo.keyring.create(self._silo.key(KeyKind.SEGMENT, segment))
        body = seal(key, content, self._silo.place("segment", segment))
        self._writer.put_segment(SegmentInfo(segment, label, chunks, first, last, len(body)), body)
        return segment

    def erase_segments(self, segments: Iterable[str]) -> None:
        segments = list(segments)
        self._writer.delete_segments(segments)
        self._writer.add_pending_keys(PendingKey(KeyKind.SEGMENT, segment) for segment in segments)

    def relabel_segments(self, old: str, new: str) -> None:
        self._writer.relabel_segments(old, new)

    def take_numbers(self, count: int) -> int:
        return self._writer.take_numbers(count)

    def add_event(self, event: str, body: bytes) -> None:
        """An audit event that commits with this transaction (DESIGN section 6)."""
        self._silo.announce(self._silo.id)
        self.has_events = True
        self._writer.add_event(event, body)


class Silo:
    def __init__(
        self, identifier: str, engine: Engine, keyring: Keyring, *, announce: Callable[[str], None] = lambda _: None
    ) -> None:
        """`announce` is told this silo's id before events are committed to its outbox."""
        self.id = identifier
        self.engine = engine
        self.keyring = keyring
        self.announce = announce

    @contextmanager
    def reading(self) -> Iterator[SiloReader]:
        with self.engine.reading() as reader:
            yield SiloReader(self, reader)

    @contextmanager
    def writing(self) -> Iterator[SiloWriter]:
        """Commits at the end of the block; keys marked for destruction are destroyed before this returns."""
        with self.engine.writing() as writer:
            ours = SiloWriter(self, writer)
            yield ours
            pending = bool(writer.pending_keys())
        if ours.has_events:  # once more: who looked since the first time, before the commit, found nothing
            self.announce(self.id)
        if pending:
            self.finish_erasures()

    def finish_erasures(self) -> None:
        """Destroys the keys of what was deleted, then wipes the engine's logs. Resumes what a crash interrupted."""
        with self.engine.reading() as reader:
            pending = reader.pending_keys()
        if not pending:
            return
        self.keyring.destroy([self.key(key.kind, key.id) for key in pending])
        with self.engine.writing() as writer:
            writer.remove_pending_keys(pending)
        self.engine.scrub()

    def new_group(self, kind: KeyKind, *, also: Iterable[KeyKind] = ()) -> str:
        """A new document or conversation id whose key is durable in the keyring."""
        return self.new_groups(kind, 1, also=also)[0]

    def new_groups(self, kind: KeyKind, count: int, *, also: Iterable[KeyKind] = ()) -> list[str]:
        groups = [new_id() for _ in range(count)]
        self.keyring.create(*(self.key(one, group) for group in groups for one in (kind, *also)))
        return groups

    def drop_unreadable(self) -> bool:
        """After a restore: deletes what the keyring can no longer open; returns whether a segment was among it.

        An old snapshot brings back records whose keys were destroyed since. They cannot be read; now they go too.
        """
        held = {(ref.kind, ref.id) for ref, _ in self.keyring.refs(self.id)}
        with self.engine.writing() as writer:
            for table, kind in GROUP_KEY.items():
                groups = {id_from_bytes(group) for group in writer.groups(table)}
                for group in groups - {identifier for one, identifier in held if one == kind}:
                    writer.delete_group(table, id_bytes(group))
            lost = [info.id for info in writer.segments() if (KeyKind.SEGMENT, info.id) not in held]
            writer.delete_segments(lost)
        self.finish_erasures()
        self.engine.scrub()
        return bool(lost)

    def orphans(self, *, made_before: datetime | None = None) -> list[KeyRef]:
        """Keys that seal nothing: left by a crash between key and record, or newer than a restored snapshot.

        While others write to this silo only those `made_before` a time: an upload has its key long before its record.
        """
        held = [ref for ref, made in self.keyring.refs(self.id) if made_before is None or made < made_before]
        with self.engine.reading() as reader:  # after the keys: of what is written meanwhile none is among them
            used = {(kind, id_from_bytes(group)) for table, kind in GROUP_KEY.items() for group in reader.groups(table)}
            used |= {(KeyKind.SEGMENT, info.id) for info in reader.segments()}
        documents = {identifier for kind, identifier in used if kind is KeyKind.DOCUMENT}
        used |= {(KeyKind.ORIGINAL, identifier) for identifier in documents}
        return [ref for ref in held if (ref.kind, ref.id) not in used]

    def sweep_keys(self) -> None:
        """After a restore, while nobody else writes: destroys every key that seals nothing."""
        self.keyring.destroy(self.orphans())

    def erased(self, kind: KeyKind, identifiers: Iterable[str]) -> frozenset[str]:
        """Those whose key is gone by now, whichever process destroyed it."""
        refs = {identifier: self.key(kind, identifier) for identifier in identifiers}
        keys = self.keyring.open_all(set(refs.values()))
        return frozenset(identifier for identifier, ref in refs.items() if keys[ref] is None)

    def epoch(self) -> int:
        """Changes when any key of this silo is destroyed, by whichever process; 0 once the silo itself is."""
        return self.keyring.epoch(self.id)

    def lookup(self, purpose: str, value: str) -> bytes:
        """A row id of Table.LOOKUP: equal values meet there, and the id tells nothing to who lacks the silo's key."""
        key = derive(self.keyring.open(KeyRef(INSTANCE, KeyKind.SILO, self.id)), f"lookup {purpose}")
        return hmac.digest(key, value.encode(), "sha256")[:16]

    def stand_in_key(self) -> bytes:
        """32 bytes from which the stand-ins of this silo are computed, and nothing else: gone with the silo's key."""
        return derive(self.keyring.open(KeyRef(INSTANCE, KeyKind.SILO, self.id)), "stand-ins")

    def key(self, kind: KeyKind, identifier: str) -> KeyRef:
        return KeyRef(self.id, kind, identifier)

    def place(self, table: str, row: str) -> bytes:
        return aad(silo=self.id, table=table, row=row, purpose="record")

    def unsealed(self, key: bytes, body: bytes, table: str, row: str) -> bytes:
        try:
            return unseal(key, body, self.place(table, row))
        except SealError:
            raise SiloCorruptedError(
                "A record of this agent does not open. Restore this agent from a backup; all other agents work."
            ) from None
