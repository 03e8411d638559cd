"""An archive becomes its documents: each file in it is queued as if it had been uploaded, then the archive is erased.

What was asked for the archive holds for each: whether its file is deleted after reading. Idempotent: after a kill the
files that are here already are known by their bytes.
"""

from collections.abc import Iterable

from muniment.core.actors import Actor
from muniment.core.ids import id_bytes
from muniment.core.watch import Watch
from muniment.ingest.documents import Document, display_name
from muniment.ingest.services import Arrival, Treatment, erase, take_in
from muniment.ingest.space import put_down
from muniment.ingest.unpacked import Member
from muniment.silo.sealed import Silo
from muniment.silo.services import originals
from muniment.silo.types import Table


def take_in_archive(
    archive: Document, files: Iterable[Member], *, actor: Actor, silo: Silo, on_progress: Watch
) -> None:
    """Raises what `files` raises. A file keeps its name, behind the archive's: the same name in two archives is two.

    When somebody deleted the archive meanwhile, what came out of it goes too.
    """
    added = _take_in(archive, files, actor=actor, silo=silo, on_progress=on_progress)
    with silo.writing() as writer:
        gone = erase(writer, [archive.id], actor=actor, silo=silo)
        if gone:
            gone += erase(writer, archive.replaces, actor=actor, silo=silo)
        else:
            gone = erase(writer, added, actor=actor, silo=silo)
    for document in gone:
        originals(silo).remove(document)
    put_down(actor=actor, silo=silo, documents=gone)


def take_in_attachments(
    message: Document, files: Iterable[Member], *, actor: Actor, silo: Silo, on_progress: Watch
) -> None:
    """The same for what is attached to a message, which stays a document beside it. Raises what `files` raises."""
    added = _take_in(message, files, actor=actor, silo=silo, on_progress=on_progress)
    gone: list[str] = []
    with silo.writing() as writer:
        if not writer.existing(Table.DOCUMENT, [id_bytes(message.id)]):
            gone = erase(writer, added, actor=actor, silo=silo)
    for document in gone:
        originals(silo).remove(document)
    put_down(actor=actor, silo=silo, documents=gone)


def _take_in(holder: Document, files: Iterable[Member], *, actor: Actor, silo: Silo, on_progress: Watch) -> list[str]:
    added: list[str] = []
    for count, file in enumerate(files, start=1):
        arrival = Arrival(
            actor,
            silo,
            display_name(f"{holder.name}/{file.name}"),
            added_by=holder.added_by,
            treatment=lambda: _treatment(silo, holder),
            archive=holder.name,
        )
        taken = take_in(arrival, [file.data])
        if not taken.duplicate:
            added.append(taken.document)
        on_progress(count, 0)
    return added


def _treatment(silo: Silo, holder: Document) -> Treatment:
    """As it is now: an owner may have decided it while it was unpacked."""
    with silo.reading() as reader:
        record = reader.get(Table.DOCUMENT, id_bytes(holder.id))
    stored = Document.from_record(record) if record else holder
    return Treatment(stored.delete_original, stored.reads_along)
