"""An archive becomes its documents: each file in it is queued as if it had been uploaded, then the archive is erased.

Idempotent: after a kill the files that are here already are known by their bytes.
"""

from collections.abc import Callable, Iterable

from muniment.core.actors import Actor
from muniment.ingest.documents import Document, display_name
from muniment.ingest.services import Arrival, erase, erase_replaced, take_in
from muniment.ingest.unpacked import Member
from muniment.silo.sealed import Silo
from muniment.silo.services import originals


def take_in_archive(
    archive: Document, files: Iterable[Member], *, actor: Actor, silo: Silo, on_progress: Callable[[int, int], None]
) -> None:
    """Raises what `files` raises. A file keeps its name, behind the archive's: the same name in two archives is two.

    When somebody deleted the archive meanwhile, what came out of it goes too.
    """
    added: list[str] = []
    for count, file in enumerate(files, start=1):
        name = display_name(f"{archive.name}/{file.name}")
        taken = take_in(Arrival(actor, silo, name, added_by=archive.added_by, archive=archive.name), [file.data])
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
