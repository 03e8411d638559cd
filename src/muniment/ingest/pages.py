"""What the table of documents says of their files."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from muniment.audit.selectors import provable_events
from muniment.core.actors import Actor
from muniment.ingest.documents import Document, DocumentState
from muniment.ingest.events import ORIGINAL_ERASED
from muniment.ingest.selectors import with_original

if TYPE_CHECKING:
    from muniment.agents.models import Agent


def originals_of(actor: Actor, agent: "Agent", documents: Sequence[Document]) -> dict[str, dict[str, Any]]:
    """By document: `state` is kept, going (it is deleted once it was read) or gone; `receipt` an address or None.

    `is_pending`: its receipt is to come, as soon as the event is in the log.
    """
    kept = with_original(actor, agent, documents)
    erased = [one.id for one in documents if one.original_erased]
    provable = set(provable_events(actor, kind=ORIGINAL_ERASED.name, subjects=erased)) if erased else set()
    return {one.id: _original(one, kept, provable, actor) for one in documents}


def _original(document: Document, kept: set[str], provable: set[str], actor: Actor) -> dict[str, Any]:
    event = document.original_erased
    is_here = document.id in kept and not event
    is_going = document.delete_original and document.state is DocumentState.QUEUED
    return {
        "state": "gone" if not is_here else "going" if is_going else "kept",
        "receipt": reverse("console:receipt", args=[event]) if event in provable else None,
        "is_pending": bool(event) and event not in provable and document.added_by == actor.ref,
    }
