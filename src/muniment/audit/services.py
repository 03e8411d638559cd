"""Recording. No event, no act: the event is in the outbox of the transaction of the act, or the act fails with it."""

from collections.abc import Mapping, Sequence
from typing import Required, TypedDict, Unpack

from django.db import transaction

from muniment.audit import outbox
from muniment.audit.epochs import open_epoch, open_epoch_after
from muniment.audit.errors import EventRefusedError
from muniment.audit.models import Outbox, Person
from muniment.audit.people import forget_person, forget_strangers, introduce_new_person, introduce_person
from muniment.audit.receipts import make_receipt
from muniment.audit.references import references
from muniment.audit.sequencer import checkpoint_now, run_once
from muniment.audit.types import AuditKind, Outcome
from muniment.audit.verification import verify_log
from muniment.audit.witness import FileWitness, show_log
from muniment.core.actors import Actor, ActorKind

__all__ = [
    "Event",
    "FileWitness",
    "adopt_events",
    "checkpoint_now",
    "forget_person",
    "forget_strangers",
    "introduce_new_person",
    "introduce_person",
    "make_receipt",
    "open_epoch",
    "open_epoch_after",
    "pending_event",
    "record",
    "references",
    "run_once",
    "show_log",
    "verify_log",
]


class Event(TypedDict, total=False):
    """The parts of an event, given by name."""

    kind: Required[AuditKind | str]
    actor: Required[Actor]
    subject: str | None  # reference of the person, or id of the thing, acted on
    silo: str | None
    outcome: Outcome | str  # "ok" when absent
    facts: Mapping[str, object] | None  # only what the kind declares
    sealed: Mapping[str, object] | None  # personal detail: names to strings, whole numbers, booleans
    request: str | None  # id of the request
    team: str | None  # whose log shows it; the actor's own team when absent


def record(**event: Unpack[Event]) -> str:
    """Writes the event to the control plane's outbox, in the caller's transaction. Returns the event id.

    Raises EventRefusedError outside a transaction, for an unregistered kind, or for facts its kind does not declare.
    """
    if not transaction.get_connection().in_atomic_block:
        raise EventRefusedError("An event is recorded in the transaction of its act: open transaction.atomic() first.")
    identifier, body = pending_event(**event)
    Outbox.objects.create(event=identifier, body=body)
    return identifier


def pending_event(**event: Unpack[Event]) -> tuple[str, bytes]:
    """(event id, bytes) of the same event, for a silo's own outbox to commit with the silo's write."""
    actor, sealed = event["actor"], event.get("sealed")
    return outbox.draft(
        kind=event["kind"],
        actor=actor,
        names={
            "subject": event.get("subject"),
            "team": event.get("team") or actor.team,
            "silo": event.get("silo"),
            "request": event.get("request"),
        },
        outcome=event.get("outcome", Outcome.OK),
        facts=event.get("facts"),
        sealed=sealed,
        people=_people(actor, event.get("subject")) if sealed else {},
    )


def adopt_events(*, silo: str, events: Sequence[tuple[str, bytes]]) -> None:
    """Takes what waits in the outbox of a silo that is about to be erased: its acts stay in the log, though it goes.

    Idempotent: an event that is in the log already is known by its id. No actor: recording is not an act.
    """
    rows = [Outbox(event=identifier, body=body, silo=silo) for identifier, body in events]
    Outbox.objects.bulk_create(rows, ignore_conflicts=True)


def _people(actor: Actor, subject: str | None) -> dict[str, bool]:
    """Whom the event is about, and whether each was erased. Who acts is known from then on."""
    refs = [ref for ref in (subject, actor.ref) if ref]
    known = dict(Person.objects.filter(ref__in=refs).values_list("ref", "erased"))
    if actor.kind is ActorKind.PERSON and actor.user is not None and actor.ref not in known:
        introduce_person(ref=actor.ref)
        known[actor.ref] = False
    return known
