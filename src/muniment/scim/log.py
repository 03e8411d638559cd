"""What the provider did and was refused, as rows that owners read. Audit events say the same to the log."""

from datetime import timedelta

from django.db import transaction

from muniment.audit.services import record
from muniment.core.clock import now
from muniment.scim import events
from muniment.scim.models import LogEntry
from muniment.scim.tokens import Holder
from muniment.scim.types import LOG_KEPT, Act


def note_done(holder: Holder, act: Act, whom: str) -> None:
    """Within the transaction of the act, which records its own event."""
    _note(holder, act, whom, done=True, reason="")


def note_refused(holder: Holder, act: Act, whom: str, *, status: int, reason: str) -> None:
    """`reason`: a sentence of ours. What a library says of a request may repeat what was in it, and is not kept."""
    with transaction.atomic():
        _note(holder, act, whom, done=False, reason=reason[:300])
        facts = {"act": act, "status": status}
        record(kind=events.REFUSED, actor=holder.actor, subject=whom or None, outcome="refused", facts=facts)


def forget_old_entries() -> int:
    """After 90 days. Returns how many."""
    return LogEntry.objects.filter(at__lt=now() - timedelta(days=LOG_KEPT)).delete()[0]


def _note(holder: Holder, act: Act, whom: str, *, done: bool, reason: str) -> None:
    LogEntry.objects.create(
        team_id=holder.team, token=holder.name, act=act, whom=whom, done=done, reason=reason, at=now()
    )
