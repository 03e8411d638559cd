"""A team is told once for each limit in a month that it comes near, and once that it is reached."""

from muniment.audit.services import record
from muniment.core.actors import system_in
from muniment.core.clock import now
from muniment.credits import events
from muniment.credits.models import LimitTold
from muniment.credits.types import FULL, MAIL_JOB, NEAR, Credit, Level, month_of
from muniment.jobs.services import enqueue


def tell_once(team: str, level: Level) -> None:
    """In the caller's transaction, which holds the team."""
    if level.limit is None or not level.is_near:
        return
    percent = FULL if level.is_full else NEAR
    _, is_new = LimitTold.objects.get_or_create(
        team=team, month=month_of(now()), credit=level.credit, limit=level.limit, percent=percent
    )
    if not is_new:
        return
    actor = system_in(team)
    record(kind=events.LIMIT_NEAR, actor=actor, facts={"credit": Credit(level.credit), "percent": percent})
    enqueue(actor=actor, kind=MAIL_JOB, payload={"credit": level.credit.value, "percent": str(percent)})
