"""The files of documents as they were uploaded, while they are kept."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from muniment.agents.services import open_silo
from muniment.core.actors import Actor
from muniment.core.errors import NotFoundError
from muniment.core.permissions import Permission
from muniment.ingest.documents import Document, find_document
from muniment.ingest.sight import Sight
from muniment.silo.services import originals

if TYPE_CHECKING:
    from muniment.agents.models import Agent


def original(actor: Actor, agent: "Agent", document: str) -> Iterator[bytes]:
    """The file as it was uploaded, piece by piece, for who may see all that stands in it. Raises NotFoundError."""
    silo = open_silo(actor=actor, agent=agent, permission=Permission.CONVERSATION_CREATE)
    with silo.reading() as reader:
        check_shown(Sight.of(actor, agent, silo, reader), find_document(reader, document))
    return originals(silo).read(document)


def file_to_copy(actor: Actor, agent: "Agent", document: str) -> Iterator[bytes]:
    """The file as it was uploaded, for another agent that masks alike, and not to be shown. Raises NotFoundError.

    Whoever may change the agent has it masked less and reads the file then, so that nothing is given away here.
    """
    silo = open_silo(actor=actor, agent=agent, permission=Permission.AGENT_UPDATE)
    with silo.reading() as reader:
        find_document(reader, document)
    return originals(silo).read(document)


def originals_kept(actor: Actor, agent: "Agent") -> int:
    """How many files the agent holds, as they were uploaded: a fact of the agent, for whoever may see it."""
    return len(originals(open_silo(actor=actor, agent=agent, permission=Permission.AGENT_VIEW)).documents())


def with_original(actor: Actor, agent: "Agent", some: Iterable[Document]) -> set[str]:
    """Those of these documents whose file is kept."""
    files = originals(open_silo(actor=actor, agent=agent, permission=Permission.DOCUMENT_VIEW))
    return {document.id for document in some if files.exists(document.id)}


def check_shown(sight: Sight, document: Document) -> None:
    if not sight.shows_file(document):
        raise NotFoundError("The original of this document is not shown.")
