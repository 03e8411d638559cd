"""Delete after processing: the file as it was uploaded goes, what was read from it stays."""

from dataclasses import replace

from muniment.audit.services import pending_event
from muniment.audit.types import Grade
from muniment.core.actors import Actor, ActorKind
from muniment.core.ids import is_id
from muniment.ingest import events
from muniment.ingest.documents import Document
from muniment.silo.sealed import Silo, SiloWriter


def erase_original(writer: SiloWriter, document: Document, *, actor: Actor, silo: Silo, read: bool) -> Document:
    """Destroys the key of the file with the caller's commit; returns the document as it is to be stored then.

    The bytes are the caller's to remove, after the commit. A kill anywhere behind the commit is finished at the next
    start: the key by `Silo.finish_erasures`, the bytes by `Originals.sweep`. `read`: whether its text is there.
    """
    facts = {"read": read, "grade": Grade.KEY_DESTROYED}
    event, body = pending_event(
        kind=events.ORIGINAL_ERASED, actor=actor, subject=document.id, silo=silo.id, facts=facts
    )
    writer.erase_original(document.id)
    writer.add_event(event, body)
    return replace(document, original_erased=event)


def erase_as_asked(writer: SiloWriter, document: Document, *, actor: Actor, silo: Silo, read: bool) -> Document:
    """The same where it was asked for and is still to do, on behalf of who uploaded the file: the receipt is theirs."""
    if not document.delete_original or document.original_erased:
        return document
    asked = document.added_by
    behalf = Actor(kind=ActorKind.PERSON, ref=asked, team=actor.team) if is_id(asked) else actor
    return erase_original(writer, document, actor=behalf, silo=silo, read=read)
