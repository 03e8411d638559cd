"""How an agent stands: one word for its state, and what it holds. Every page of an agent shows it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from muniment.chat.selectors import conversations_held
from muniment.core.actors import Actor
from muniment.core.errors import CorruptedError
from muniment.ingest.selectors import Totals, masked_sums, masking_state, totals

if TYPE_CHECKING:
    from muniment.agents.models import Agent


@dataclass(frozen=True, slots=True)
class Standing:
    """`state` is a word of templates/agents/state.html; a damaged silo counts as holding no documents."""

    state: str
    documents: int
    live: int
    working: int
    failed: int
    conversations: int


def standing(actor: Actor, agent: "Agent") -> Standing:
    state, held = taken_in(actor, agent)
    return Standing(
        state=state,
        documents=held.all,
        live=held.live,
        working=held.working,
        failed=held.failed,
        conversations=conversations_held(actor, agent),
    )


def taken_in(actor: Actor, agent: "Agent") -> tuple[str, Totals]:
    """The state and the documents alone: a list of many agents shows no more, and each count of conversations costs as
    much as the rest.
    """
    try:
        held = totals(actor, agent)
    except CorruptedError:  # this agent says so; every other one works
        return "damaged", Totals(0, 0, 0, 0)
    return _state(held), held


def masking(actor: Actor, agent: "Agent") -> dict[str, Any] | None:
    """How the agent masks: `state` and `sums`; None where the silo is damaged, which its other pages say."""
    try:
        return {"state": masking_state(actor, agent), "sums": masked_sums(actor, agent)}
    except CorruptedError:
        return None


def _state(held: Totals) -> str:
    if held.working:
        return "working"
    if held.again:
        return "masking"
    return "live" if held.live else "empty"
