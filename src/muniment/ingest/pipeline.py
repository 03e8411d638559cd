"""From queued files to live documents: read, cut, embed, index, commit (DESIGN section 3).

Every step is idempotent and nothing is visible before the commit that makes the document live: a killed worker starts
the document again. Three things go on at once: files are read in sandboxed children and cut, earlier ones are
embedded, and those before them are committed. Documents are embedded and committed in groups, so that small ones do
not cost a transaction and a segment each.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from muniment.agents.selectors import masking_in
from muniment.audit.services import pending_event
from muniment.core.actors import Actor
from muniment.core.errors import PermanentError, TransientError
from muniment.core.ids import id_bytes
from muniment.core.registries import RunningJob
from muniment.crypto.errors import KeyDestroyedError
from muniment.ingest import events
from muniment.ingest.after_reading import erase_as_asked
from muniment.ingest.archives import take_in_archive, take_in_attachments
from muniment.ingest.chunking import chunk
from muniment.ingest.documents import Document, DocumentState
from muniment.ingest.errors import OriginalGoneError, ParseError, Reason, SandboxStoppedError
from muniment.ingest.live import LiveWriter, Read, Ready
from muniment.ingest.masking import hide
from muniment.ingest.progress import Progress, Step
from muniment.ingest.queue import waiting_document
from muniment.ingest.room import hold, take_room
from muniment.ingest.sandbox.client import Sandbox
from muniment.ingest.space import put_down
from muniment.ingest.types import MAIL, ExtractedDocument, Limits
from muniment.jobs.errors import JobLostError
from muniment.llm.errors import ModelRefusedError, TextRefusedError
from muniment.llm.types import Embedder
from muniment.silo.chunks import chunk_index
from muniment.silo.errors import SiloDestroyedError
from muniment.silo.sealed import Silo, SiloReader, SiloWriter
from muniment.silo.types import Table

if TYPE_CHECKING:
    from muniment.silo.originals import Originals

BATCH = 32  # documents taken from the queue at once
AHEAD = 16  # documents being read or waiting for the model, below which more are taken
GROUP = 128  # chunks embedded before their documents are committed
SOON = 16  # chunks handed to the model while the readers have nothing further
EMBED = 64  # chunks handed to the model at once: it sorts them by length, so that little is padding
SAY_EVERY = 0.5  # seconds between two words about how far a reader is
LOOK_AHEAD = 256  # places of the queue looked at
GIVE_UP = 15  # of a document's count:
CUT_SHORT = 1  # its worker was killed, perhaps for something else
RAISED = 5  # its worker failed over it, or over one that was under way with it: from now on it goes alone
_GAVE_UP = "This document could not be read after several attempts. Try another format, or tell the operator."


class Pipeline:
    def __init__(
        self,
        *,
        actor: Actor,
        silo: Silo,
        originals: "Originals",
        sandbox: Sandbox,
        embedder: Embedder,
        job: RunningJob,
        queue: Table = Table.QUEUE,
    ) -> None:
        self._actor = actor
        self._silo = silo
        self._queue = queue
        self._originals = originals
        self._sandbox = sandbox
        self._embedder = embedder
        self._live = LiveWriter(actor=actor, silo=silo, model=embedder.name)
        self._job = job
        self._progress: dict[str, int | str] = {}
        self._under_way: dict[bytes, Document] = {}
        """By place in the queue: taken, and neither live nor failed yet."""
        self._readers = ThreadPoolExecutor(max_workers=2, thread_name_prefix="read")
        self._committer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="commit")
        self._committing: Future[list[str]] | None = None
        self._gives_way = False
        self._unlinked: list[str] = []
        """Files whose keys go with the transaction under way; they are removed behind it."""

    def run(self) -> None:
        """Until nothing is queued, or until others wait: then the job comes again. At least one document gets on.

        One document that cannot be read never holds up its neighbours, nor many documents another agent's.
        """
        try:
            while not self._gives_way and (first := self._take()):
                self._stream(first)
        finally:
            self._readers.shutdown(cancel_futures=True)
            self._committer.shutdown()
        if self._gives_way:
            self._job.come_again()
        else:
            self._tidy()

    def _stream(self, first: list[tuple[Document, bytes]]) -> None:
        """These and everything that waits untried, until all of it is committed."""
        count = RAISED  # an error of ours: the job is tried again, and soon without the culprit
        try:
            for group in self._embedded(first):
                self._commit_behind(group)
                self._gives_way = self._gives_way or self._job.others_wait
            self._wait_for_commit()
            count = -CUT_SHORT  # those taken and not begun when others waited
        except (JobLostError, TransientError, ModelRefusedError):  # a worker that stops, a full disk, a model that is
            # away or wrongly set: no document's fault
            count = -CUT_SHORT
            raise
        finally:
            wait([self._committing] if self._committing else [])
            if self._committing and not self._committing.exception():
                self._wait_for_commit()
            if self._under_way:
                with self._silo.writing() as writer:
                    self._counted(writer, [(document, row) for row, document in self._under_way.items()], count)
            self._under_way.clear()

    def _take(self) -> list[tuple[Document, bytes]]:
        """The next documents, their attempt already counted: what ends the worker again and again is given up.

        Many at once, and once more after a kill: that was mostly for something else. Those that were cut short twice
        come last, the least tried first, in groups that halve with each further time until one goes alone: one bad
        document takes no other down with it more than six times, and holds up nobody.
        """
        under_way = dict(self._under_way)  # a copy: the committer takes out what is live
        if any(document.attempts > 2 * CUT_SHORT for document in under_way.values()):
            return []
        with self._silo.writing() as writer:
            waiting = self._waiting(writer, under_way)
            least = min((_tries(document) for document, _ in waiting), default=CUT_SHORT)
            taken = [one for one in waiting if _tries(one[0]) == least][: BATCH >> (least - CUT_SHORT) or 1]
            if under_way and least > CUT_SHORT:
                taken = []
            counted = self._counted(writer, taken, CUT_SHORT)
        self._unlink()
        self._under_way.update((row, document) for document, row in counted)
        return counted

    def _waiting(self, writer: SiloWriter, under_way: Mapping[bytes, Document]) -> list[tuple[Document, bytes]]:
        """In the order of the queue, up to a batch of those that may go together; what is given up leaves it."""
        waiting: list[tuple[Document, bytes]] = []
        fresh = 0
        for row in writer.ids(self._queue, first=LOOK_AHEAD + len(under_way)):
            if row in under_way:
                continue
            document = self._queued(writer, row)
            if document is None:
                writer.delete(self._queue, [row])
            elif document.attempts >= GIVE_UP:
                self._fail(writer, document, row, _GAVE_UP)
            else:
                waiting.append((document, row))
                fresh += _tries(document) == CUT_SHORT
            if fresh == BATCH:
                break
        return waiting

    def _reading(self, taken: list[tuple[Document, bytes]]) -> Iterator[tuple[Document, bytes, "Future[Read | None]"]]:
        """Documents in the order of the queue, the next ones being read meanwhile; none is begun once others wait."""
        ahead: deque[tuple[Document, bytes, Future[Read | None]]] = deque()
        more = True
        while taken or ahead:
            ahead.extend((document, row, self._readers.submit(self._read, document)) for document, row in taken)
            yield ahead.popleft()
            if more and len(ahead) < AHEAD:
                self._gives_way = self._gives_way or self._job.others_wait
            if self._gives_way:
                ahead = deque(one for one in ahead if not one[2].cancel())
            taken = self._take() if more and len(ahead) < AHEAD and not self._gives_way else []
            more = bool(taken) or len(ahead) >= AHEAD

    def _embedded(self, first: list[tuple[Document, bytes]]) -> Iterator[list[Ready]]:
        """Groups of documents with all their vectors, each worth a commit."""
        group: list[Ready] = []
        fresh: list[Ready] = []
        for document, row, future in self._reading(first):
            if _chunks(fresh) >= (SOON if not future.done() else EMBED):
                group, fresh = group + self._embed(fresh), []
            read = self._outcome(document, row, future)
            if read is not None:
                fresh.append(Ready(document, row, read))
            if _chunks(group) >= GROUP:
                yield group
                group = []
        if group := group + self._embed(fresh):
            yield group

    def _outcome(self, document: Document, row: bytes, future: "Future[Read | None]") -> Read | None:
        """What was read; None when the document cannot be read, is gone, was an archive, or is to be tried again."""
        try:
            self._wait_for(future)
            if (read := future.result()) is not None:
                return read
        except KeyDestroyedError:
            pass  # deleted while it was being read
        except PermanentError as error:
            with self._silo.writing() as writer:
                self._fail(writer, document, row, str(error))
            self._unlink()
        except SandboxStoppedError:
            pass  # still queued; its attempt is counted
        del self._under_way[row]
        return None

    def _wait_for(self, reading: "Future[Read | None]") -> None:
        """Until this reader is done; says meanwhile how far the readers are."""
        said: dict[str, int | str] = {}
        while not wait([reading], SAY_EVERY).done:
            if said != (now_at := dict(self._progress)):
                self._job.heartbeat(progress=now_at)
                said = now_at

    def _read(self, document: Document) -> Read | None:
        """None: it was an archive, and the files in it are in the queue now."""

        def on_progress(done: int, total: int) -> None:
            self._progress[document.id] = Progress(Step.READING, done, total).to_text()

        original = partial(self._originals.read, document.id)
        text, along = self._kept_text(document), document.read_along
        try:
            if text is None:
                along = document.reads_along
                text = self._sandbox.parse(
                    original(), name_hint=document.name, limits=Limits(also=along), on_progress=on_progress
                )
        except ParseError as error:
            if error.reason is not Reason.ARCHIVE or document.archive:
                raise
            files = self._sandbox.unpack(original)
            take_in_archive(document, files, actor=self._actor, silo=self._silo, on_progress=on_progress)
            return None
        except SiloDestroyedError:
            raise OriginalGoneError from None
        if text.media_type in MAIL and not document.archive and document.state is DocumentState.QUEUED:
            with suppress(ParseError):  # what is attached is listed all the same
                files = self._sandbox.unpack(original)
                take_in_attachments(document, files, actor=self._actor, silo=self._silo, on_progress=on_progress)
        with self._silo.reading() as reader:
            masking = masking_in(self._silo, reader)

        def on_masked(done: int, of: int) -> None:
            self._progress[document.id] = Progress(Step.MASKING, 100 * done // of, 100).to_text()

        hidden = hide(text, name=document.name, masking=masking, on_progress=on_masked)
        return Read(hidden, masking, along, chunk(hidden.working, count_tokens=self._count_tokens))

    def _kept_text(self, document: Document) -> ExtractedDocument | None:
        """The text of a document that was live before. What was masked for good is in its original alone, if kept;
        so is what was not read along.
        """
        is_partial = document.is_masked_for_good or document.is_read_otherwise
        if is_partial and self._originals.exists(document.id):
            return None
        with self._silo.reading() as reader:
            record = reader.get(Table.TEXT, id_bytes(document.id))
        return ExtractedDocument.from_bytes(record.content) if record else None

    def _embed(self, fresh: list[Ready]) -> list[Ready]:
        """Those that have all their vectors. A text that the model does not take fails its own document alone."""
        try:
            self._embed_together(fresh)
        except TextRefusedError as error:
            if len(fresh) == 1:
                with self._silo.writing() as writer:
                    self._fail(writer, fresh[0].document, fresh[0].row, str(error))
                self._unlink()
                del self._under_way[fresh[0].row]
                return []
            for ready in fresh:
                ready.vectors.clear()
            return [one for ready in fresh for one in self._embed([ready])]
        return fresh

    def _embed_together(self, fresh: list[Ready]) -> None:
        """In pieces over document borders, so that the model always has a full batch, with a heartbeat after each."""
        todo = [(ready, one.embedded) for ready in fresh for one in ready.read.chunks]
        for part in _pieces(todo):
            vectors = self._embedder.embed([text for _, text in part])
            for (ready, _), vector in zip(part, vectors, strict=True):
                ready.vectors.append(vector)
                at = Progress(Step.INDEXING, len(ready.vectors), len(ready.read.chunks))
                self._progress[ready.document.id] = at.to_text()
            self._heartbeat()

    def _heartbeat(self) -> None:
        self._job.heartbeat(progress=dict(self._progress))  # a copy: readers and committer write to it

    def _commit_behind(self, group: list[Ready]) -> None:
        """Commits while the next group is embedded. At most one waits: memory stays bounded."""
        self._wait_for_commit()
        left_out = take_room(group, actor=self._actor, silo=self._silo) if self._queue is Table.QUEUE else {}
        self._committing = self._committer.submit(self._commit, group, left_out)

    def _wait_for_commit(self) -> None:
        """Raises what the commit raised. What is live then is counted here: the committer holds no connection."""
        committing, self._committing = self._committing, None
        if committing is not None:
            put_down(actor=self._actor, silo=self._silo, documents=committing.result())

    def _commit(self, group: list[Ready], left_out: Mapping[str, int]) -> list[str]:
        """The documents that changed: those of the group, and those that went for them."""
        with self._silo.writing() as writer:
            live = []
            for ready in group:
                if (stored := self._queued(writer, ready.row)) is not None:  # others were deleted meanwhile
                    ready.document = stored
                    live.append(ready)
            held = [ready for ready in live if ready.document.id in left_out]
            live = [ready for ready in live if ready.document.id not in left_out]
            gone = self._live.write(writer, live)
            writer.delete(self._queue, [ready.row for ready in live])
            for ready in held:
                if self._queued(writer, ready.row) is not None:  # a later version of it may be live by now
                    hold(writer, ready, left_out[ready.document.id], actor=self._actor, silo=self._silo)
        for document in gone:
            self._originals.remove(document)
        for ready in group:
            self._progress.pop(ready.document.id, None)
            del self._under_way[ready.row]
        return [*gone, *(ready.document.id for ready in group)]

    def _fail(self, writer: SiloWriter, document: Document, row: bytes, error: str) -> None:
        self._progress.pop(document.id, None)
        stored = self._queued(writer, row)
        if stored is None:
            return
        failed = replace(stored, error=error)
        if self._queue is Table.QUEUE:  # else it stays as it was indexed
            failed = erase_as_asked(writer, failed, actor=self._actor, silo=self._silo, read=False)
            failed = replace(failed, state=DocumentState.FAILED)
            self._unlinked += [failed.id] if failed.original_erased else []
        writer.put(Table.DOCUMENT, [failed.to_record()])
        writer.delete(self._queue, [row])
        facts = {"attempts": document.attempts}
        writer.add_event(
            *pending_event(
                kind=events.DOCUMENT_FAILED, actor=self._actor, subject=document.id, silo=self._silo.id, facts=facts
            )
        )

    def _counted(
        self, writer: SiloWriter, batch: list[tuple[Document, bytes]], count: int
    ) -> list[tuple[Document, bytes]]:
        """The batch with so much more on each document's count; those that are done or deleted are left as they are."""
        counted: list[tuple[Document, bytes]] = []
        for document, row in batch:
            stored = self._queued(writer, row)
            counted.append((replace(stored or document, attempts=document.attempts + count), row))
            writer.put(Table.DOCUMENT, [counted[-1][0].to_record()] if stored else [])
        return counted

    def _unlink(self) -> None:
        while self._unlinked:
            self._originals.remove(self._unlinked.pop())

    def _queued(self, reader: SiloReader, row: bytes) -> Document | None:
        return waiting_document(reader, self._queue, row)

    def _tidy(self) -> None:
        more = True
        while more:
            with self._silo.writing() as writer:
                more = chunk_index.get("chunks").tidy(writer)
            self._heartbeat()

    def _count_tokens(self, texts: list[str]) -> list[int]:
        return [count - 2 for count in self._embedder.count_tokens(texts)]  # without the model's start and end marks


def _tries(document: Document) -> int:
    """As far as they are a suspicion: the first is none."""
    return max(document.attempts, CUT_SHORT)


def _chunks(group: list[Ready]) -> int:
    return sum(len(ready.read.chunks) for ready in group)


def _pieces(todo: list[tuple[Ready, str]]) -> Iterator[list[tuple[Ready, str]]]:
    """Parts of nearly equal length, about EMBED, so that none is a crumb."""
    count = max(1, round(len(todo) / EMBED))
    for number in range(count):
        part = todo[len(todo) * number // count : len(todo) * (number + 1) // count]
        if part:
            yield part
