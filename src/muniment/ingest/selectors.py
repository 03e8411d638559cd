"""Reading documents. The actor comes first."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from muniment.agents.selectors import may, sees_names
from muniment.agents.services import open_silo
from muniment.audit.selectors import provable_events
from muniment.audit.services import pending_event
from muniment.core.actors import Actor
from muniment.core.errors import NotFoundError
from muniment.core.ids import id_bytes
from muniment.core.permissions import Permission
from muniment.crypto.errors import KeyDestroyedError
from muniment.ingest import events
from muniment.ingest.documents import Document, DocumentState, find_document
from muniment.ingest.errors import DocumentWaitsError, ParseError, Reason
from muniment.ingest.kept_files import check_shown, file_to_copy, original, originals_kept, with_original
from muniment.ingest.masked import MaskedIn, MaskingState, Sums, masked_in, masked_sums, masking_cost, masking_state
from muniment.ingest.masking import Mask, mask_records, read_mask, working
from muniment.ingest.progress import Progress
from muniment.ingest.queue import JOB
from muniment.ingest.sandbox.shared import sandbox
from muniment.ingest.sight import Sight, View
from muniment.ingest.types import DRAWN, ExtractedDocument, Limits, PageLayout
from muniment.jobs.selectors import running
from muniment.silo.errors import SiloDestroyedError
from muniment.silo.sealed import Record, Silo, SiloReader
from muniment.silo.services import originals
from muniment.silo.types import Table

if TYPE_CHECKING:
    from muniment.agents.models import Agent

__all__ = [
    "SCALE",
    "Document",
    "DocumentState",
    "Documents",
    "Mask",
    "MaskedIn",
    "MaskingState",
    "Opened",
    "Sight",
    "Sums",
    "Totals",
    "View",
    "documents",
    "documents_in",
    "extract",
    "file_to_copy",
    "mask_records",
    "masked_in",
    "masked_otherwise",
    "masked_sums",
    "masking_cost",
    "masking_state",
    "names",
    "open_document",
    "original",
    "originals_kept",
    "out_of_archives",
    "page_layout",
    "page_picture",
    "progress",
    "proofs_of_erasure",
    "queued",
    "scales",
    "some_documents",
    "text_in",
    "totals",
    "with_original",
]

SCALE = 2.0  # of 72 pixels per inch: sharp on most screens at the width of a column
_FINER = (3.0, 4.0, 5.5)  # enlarged, or on a screen of fine dots
_COARSER = (1.0, 0.5, 0.25, 0.1)  # an architect's plan is one page of many square metres
_LIVE, _QUEUED, _FAILED = DocumentState.LIVE, DocumentState.QUEUED, DocumentState.FAILED
_WAITING = DocumentState.WAITING
_WHERE: dict[DocumentState | None, tuple[Table | None, tuple[Table, ...]]] = {
    None: (None, ()),
    _LIVE: (Table.TEXT, ()),
    _QUEUED: (Table.QUEUE, ()),
    _FAILED: (None, (Table.TEXT, Table.QUEUE, Table.HELD)),
    _WAITING: (Table.HELD, ()),
}
"""By state: the table in which documents have a record too, and those in which they have none."""
_COUNTED = (Table.DOCUMENT, Table.TEXT, Table.QUEUE, Table.AGAIN, Table.HELD)
_DRAWING = Limits(max_seconds=20)  # a person waits for it


@dataclass(frozen=True, slots=True)
class Opened:
    """A document as who opened it sees it, with its text. `has_original`: the file is kept, and may be shown."""

    document: Document
    text: ExtractedDocument
    has_original: bool
    view: View
    is_file_withheld: bool = False
    """The file is not shown for what it would tell."""


@dataclass(frozen=True, slots=True)
class Inspected:
    """A document in any state; without its text until it is live."""

    document: Document
    text: ExtractedDocument | None
    has_original: bool


@dataclass(frozen=True, slots=True)
class Totals:
    """How many documents an agent has; `working` are those still on their way in, `again` live ones masked anew,
    `waiting` those for which their team's limit has no room.
    """

    all: int
    live: int
    working: int
    failed: int
    again: int = 0
    waiting: int = 0

    def of(self, state: DocumentState | None) -> int:
        counts = {None: self.all, _LIVE: self.live, _QUEUED: self.working, _FAILED: self.failed}
        return (counts | {_WAITING: self.waiting})[state]


def totals(actor: Actor, agent: "Agent") -> Totals:
    """Counted without opening a record: a fact of the agent, for whoever may see it."""
    silo = open_silo(actor=actor, agent=agent, permission=Permission.AGENT_VIEW)
    with silo.reading() as reader:
        found, live, working, again, waiting = (reader.count(table) for table in _COUNTED)
    failed = found - live - working - waiting
    return Totals(all=found, live=live, working=working, failed=failed, again=again, waiting=waiting)


def documents(
    actor: Actor, agent: "Agent", *, state: DocumentState | None = None, start: int = 0, count: int | None = None
) -> list[Document]:
    """The documents of the agent, or those in one state, newest first: so many, or all, from place `start` on.

    Who may not see the names in them gets each under its working name.
    """
    silo = open_silo(actor=actor, agent=agent, permission=Permission.DOCUMENT_VIEW)
    among, outside = _WHERE[state]
    with silo.reading() as reader:
        found = reader.newest(Table.DOCUMENT, start=start, count=count, among=among, outside=outside)
        return _listed(actor, agent, silo, reader, found)


@dataclass(frozen=True, slots=True)
class Documents:
    """The same for a paginator: those of a page alone are opened."""

    actor: Actor
    agent: "Agent"
    totals: Totals
    state: DocumentState | None = None

    def __len__(self) -> int:
        return self.totals.of(self.state)

    def __getitem__(self, part: slice) -> list[Document]:
        start, stop, _ = part.indices(len(self))
        return documents(self.actor, self.agent, state=self.state, start=start, count=stop - start)


@dataclass(frozen=True)
class FlaggedDocuments:
    """Those of an agent that a person should look at, for a paginator. All records are opened to find them."""

    actor: Actor
    agent: "Agent"

    @cached_property
    def _found(self) -> list[Document]:
        return [one for one in documents(self.actor, self.agent) if one.is_flagged]

    def __len__(self) -> int:
        return len(self._found)

    def __getitem__(self, part: slice) -> list[Document]:
        return self._found[part]


def inspect_document(actor: Actor, agent: "Agent", document: str) -> Inspected:
    """What is known of a document in whatever state, for whoever may see all that stands in it. Recorded as an event
    where its text is shown.
    """
    silo = open_silo(actor=actor, agent=agent, permission=Permission.NAME_VIEW)
    with silo.reading() as reader:
        found = find_document(reader, document)
        text = reader.get(Table.TEXT, id_bytes(document))
    if text is not None:
        with silo.writing() as writer:
            writer.add_event(
                *pending_event(kind=events.DOCUMENT_READ, actor=actor, subject=document, silo=silo.id, facts={})
            )
    extracted = ExtractedDocument.from_bytes(text.content) if text is not None else None
    return Inspected(found, extracted, originals(silo).exists(document))


def some_documents(actor: Actor, agent: "Agent", identifiers: Iterable[str]) -> list[Document]:
    """Those of these documents that there are."""
    silo = open_silo(actor=actor, agent=agent, permission=Permission.DOCUMENT_VIEW)
    with silo.reading() as reader:
        return _listed(actor, agent, silo, reader, reader.get_many(Table.DOCUMENT, _rows(identifiers)))


def out_of_archives(actor: Actor, agent: "Agent", archives: Collection[str]) -> list[Document]:
    """The documents that came in archives of these names."""
    return [one for one in documents(actor, agent) if one.archive in archives] if archives else []


def queued(actor: Actor, agent: "Agent", identifiers: Iterable[str]) -> int:
    """How many of these documents are still on their way in; none is opened."""
    silo = open_silo(actor=actor, agent=agent, permission=Permission.DOCUMENT_VIEW)
    with silo.reading() as reader:
        return len(reader.groups(Table.QUEUE).intersection(_rows(identifiers)))


def progress(actor: Actor, agent: "Agent") -> dict[str, Progress]:
    """How far documents on their way in are, by id, as the worker last said; those that only wait are missing."""
    job = running(actor, kind=JOB, key=agent.id) if may(actor, Permission.DOCUMENT_VIEW, agent) else None
    return {document: Progress.from_text(str(text)) for document, text in job.progress.items()} if job else {}


def names(actor: Actor, agent: "Agent", identifiers: set[str]) -> dict[str, str]:
    """The names of some documents as the actor may read them: for whoever may ask the agent."""
    silo = open_silo(actor=actor, agent=agent, permission=Permission.CONVERSATION_CREATE)
    with silo.reading() as reader:
        sight = Sight.of(actor, agent, silo, reader)
        return {one.id: sight.name(one) for one in documents_in(reader, identifiers)}


def extract(source: Iterable[bytes], *, name: str) -> ExtractedDocument:
    """What would be read from a file of this name, read in the sandbox and kept nowhere.

    It belongs to no agent, so nobody is asked. Raises ParseError, SandboxStoppedError, SandboxUnavailableError.
    """
    return sandbox().parse(source, name_hint=name, limits=Limits())


def recognised_languages() -> tuple[str, ...]:
    """Tesseract's names of the languages in which words of pictures are recognised here; none: pictures are not read.

    A fact of the machine, so nobody is asked. Raises SandboxStoppedError, SandboxUnavailableError.
    """
    return tuple(filter(None, sandbox().start().languages.split("+")))


def documents_in(reader: SiloReader, identifiers: Iterable[str]) -> list[Document]:
    """Those of these documents that there are, for who has the silo open."""
    return [Document.from_record(record) for record in reader.get_many(Table.DOCUMENT, _rows(sorted(identifiers)))]


def masked_otherwise(reader: SiloReader, stamp: str) -> set[str]:
    """The live documents that were masked by other rules than these. Opens each record."""
    found = (Document.from_record(record) for record in reader.records(Table.DOCUMENT))
    return {one.id for one in found if one.state is _LIVE and one.masking != stamp}


def text_in(reader: SiloReader, document: Document, mask: Mask) -> str:
    """The whole working text; empty where there is none any more."""
    record = reader.get(Table.TEXT, id_bytes(document.id))
    if record is None:
        return ""
    text = ExtractedDocument.from_bytes(record.content).text
    return text if document.is_masked_for_good else mask.applied(text)


def open_document(actor: Actor, agent: "Agent", document: str) -> Opened:
    """A live document for reading at a citation: for whoever may ask the agent. Recorded as an event.

    Raises DocumentWaitsError for who may not see names while it is not masked as is chosen now.
    """
    silo = open_silo(actor=actor, agent=agent, permission=Permission.CONVERSATION_CREATE)
    with silo.reading() as reader:
        sight = Sight.of(actor, agent, silo, reader)
        found = find_document(reader, document)
        text = reader.get(Table.TEXT, id_bytes(document))
        mask = read_mask(reader, document)
    if found.state is not DocumentState.LIVE or text is None:
        raise NotFoundError("There is no such document.")
    view = sight.view(found)
    if view is View.WAITING:
        raise DocumentWaitsError("This document is being prepared again. Open it in a few minutes.")
    with silo.writing() as writer:
        writer.add_event(
            *pending_event(kind=events.DOCUMENT_READ, actor=actor, subject=document, silo=silo.id, facts={})
        )
    read = ExtractedDocument.from_bytes(text.content)
    if view is View.WORKING and not found.is_masked_for_good:
        read = replace(working(read, mask), title=None, left_out=())
    is_kept, is_shown = originals(silo).exists(document), sight.shows_file(found)
    return Opened(
        document=replace(found, name=sight.name(found), title=found.title if sight.names else None),
        text=read,
        has_original=is_kept and is_shown,
        view=view,
        is_file_withheld=is_kept and not is_shown,
    )


def page_layout(
    actor: Actor, agent: "Agent", opened: Opened, *, page: int, spans: Sequence[tuple[int, int]]
) -> PageLayout | None:
    """How large a page of an opened PDF is, and where spans of its text lie on it; None where the file is not kept.

    Raises ParseError, SandboxStoppedError, SandboxUnavailableError.
    """
    try:
        source = original(actor, agent, opened.document.id)
        return sandbox().page_layout(source, document=opened.text, page=page, spans=spans, limits=_DRAWING)
    except (SiloDestroyedError, KeyDestroyedError):
        return None


def proofs_of_erasure(actor: Actor, erased: Collection[str]) -> list[str]:
    """The events, in the log, of the erasure of these documents, of which the actor may have a receipt."""
    return provable_events(actor, kind=events.DOCUMENT_ERASED.name, subjects=erased)


def scales(layout: PageLayout) -> list[float]:
    """The scales above the usual one at which a page can be drawn within the limit of pixels, the coarsest first."""
    area = layout.width * layout.height
    return [scale for scale in _FINER if area * scale * scale <= _DRAWING.max_pixels]


def page_picture(actor: Actor, agent: "Agent", document: str, *, page: int, scale: float = SCALE) -> bytes:
    """PNG of a page (from 1) of a live PDF, drawn in the sandbox. Recorded as an event. Raises like `page_layout`.

    `scale` is one of `scales`; whatever else is asked for is drawn as usual, for the work of drawing grows with it.
    """
    silo = open_silo(actor=actor, agent=agent, permission=Permission.CONVERSATION_CREATE)
    with silo.reading() as reader:
        found = find_document(reader, document)
        check_shown(Sight.of(actor, agent, silo, reader), found)
    if found.state is not DocumentState.LIVE or found.media_type not in DRAWN or not 1 <= page <= found.pages:
        raise NotFoundError("There is no such page.")
    with silo.writing() as writer:
        facts = {"page": page}
        writer.add_event(
            *pending_event(kind=events.DOCUMENT_DRAWN, actor=actor, subject=document, silo=silo.id, facts=facts)
        )
    try:
        return _drawn(silo, document, page, scale if scale in _FINER else SCALE)
    except (SiloDestroyedError, KeyDestroyedError):
        raise NotFoundError("The original of this document is not kept.") from None


def _listed(actor: Actor, agent: "Agent", silo: Silo, reader: SiloReader, records: Iterable[Record]) -> list[Document]:
    """As they stand in a list: the names of files say who they are about."""
    found = [Document.from_record(record) for record in records]
    if sees_names(actor, agent):
        return found
    sight = Sight.of(actor, agent, silo, reader)
    return [replace(one, name=sight.name(one), title=None, archive="") for one in found]


def _rows(identifiers: Iterable[str]) -> list[bytes]:
    return [id_bytes(identifier) for identifier in identifiers]


def _drawn(silo: Silo, document: str, page: int, wanted: float) -> bytes:
    """As large as wanted, or as the limit of pixels allows."""
    *others, last = (wanted, *_COARSER) if wanted == SCALE else (wanted, SCALE, *_COARSER)
    for scale in others:
        try:
            return sandbox().render_page(originals(silo).read(document), page=page, scale=scale, limits=_DRAWING)
        except ParseError as error:
            if error.reason is not Reason.TOO_MANY_PIXELS:
                raise
    return sandbox().render_page(originals(silo).read(document), page=page, scale=last, limits=_DRAWING)
