"""An archive becomes its documents: each file in it is queued as if it had been uploaded, then the archive is erased.

What was asked for the archive holds for each: whether its file is deleted after reading. Idempotent: after a kill the
files that are here already are known by their bytes.
"""

from collections.abc import Callable, Iterable

from muniment.core.actors import Actor
from muniment.core.ids import id_bytes
from muniment.ingest.documents import Document, display_name
from muniment.ingest.services import Arrival, erase, erase_replaced, take_in
from muniment.ingest.unpacked import Member
from muniment.silo.sealed import Silo
from muniment.silo.services import originals
from muniment.silo.types import Table


def take_in_archive(
    archive: Document, files: Iterable[Member], *, actor: Actor, silo: Silo, on_progress: Callable[[int, int], None]
) -> None:
    """Raises what `files` raises. A file keeps its name, behind the archive's: the same name in two archives is two.

    When somebody deleted the archive meanwhile, what came out of it goes too.
    """
    added: list[str] = []
    for count, file in enumerate(files, start=1):
        name = display_name(f"{archive.name}/{file.name}")
        arrival = Arrival(
            actor,
            silo,
            name,
            added_by=archive.added_by,
            deletes_original=lambda: _is_to_be_deleted(silo, archive),
            archive=archive.name,
        )
        taken = take_in(arrival, [file.data])
        if not taken.duplicate:
            added.append(taken.document)
        on_progress(count, 0)
    with silo.writing() as writer:
        gone = erase(writer, [archive.id], actor=actor, silo=silo)
        if gone:
            gone += erase_replaced(writer, archive.replaces, actor=actor, silo=silo)
        else:
            gone = erase(writer, added, actor=actor, silo=silo)
    for document in gone:
        originals(silo).remove(document)


def _is_to_be_deleted(silo: Silo, archive: Document) -> bool:
    """As it is now: an owner may have decided it while the archive was unpacked."""
    with silo.reading() as reader:
        record = reader.get(Table.DOCUMENT, id_bytes(archive.id))
    return (Document.from_record(record) if record else archive).delete_original
