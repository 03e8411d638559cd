"""What a document holds beside its text, as its page shows it: for those who may read documents, and nobody else."""

from typing import TYPE_CHECKING, Any

from muniment.agents.selectors import may
from muniment.core.actors import Actor
from muniment.core.permissions import Permission
from muniment.ingest.types import ExtractedDocument
from muniment.ingest.wording import left_out_groups

if TYPE_CHECKING:
    from muniment.agents.models import Agent


def left_out(actor: Actor, agent: "Agent", text: ExtractedDocument) -> list[dict[str, Any]]:
    """As `left_out_groups`; none for who was only given the agent to ask.

    Attack stopped: hidden words and deleted ones are often what a team did not mean to show.
    """
    return left_out_groups(text) if may(actor, Permission.DOCUMENT_VIEW, agent) else []
