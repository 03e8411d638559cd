"""What a document holds beside its text, as its page shows it: for those who may see names in it, and nobody else."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from muniment.agents.selectors import sees_names
from muniment.core.actors import Actor
from muniment.ingest.types import ExtractedDocument
from muniment.ingest.wording import left_out_groups

if TYPE_CHECKING:
    from muniment.agents.models import Agent


def left_out(actor: Actor, agent: "Agent", text: ExtractedDocument) -> list[dict[str, Any]]:
    """As `left_out_groups`, but for what was read along; none for who was only given the agent to ask.

    Attack stopped: hidden words and deleted ones are often what a team did not mean to show.
    """
    if not sees_names(actor, agent):
        return []
    return left_out_groups(replace(text, left_out=tuple(one for one in text.left_out if not one.is_read)))
