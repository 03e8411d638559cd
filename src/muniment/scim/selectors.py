"""Reads: what the provider did, and the tokens it may come with."""

from collections import Counter
from collections.abc import Mapping

from muniment.core.actors import Actor
from muniment.scim.models import LogEntry, Provisioned
from muniment.scim.policies import is_left_alone, require_view
from muniment.scim.tokens import tokens_of
from muniment.scim.types import Act, LogView
from muniment.teams.selectors import team_of
from muniment.teams.services import departure

__all__ = ["in_care", "provisioning_log", "stakes_in_care", "tokens_of"]

_COUNTED = 200  # people whose things are counted


def provisioning_log(actor: Actor, *, first: int = 0, many: int = 50, refused_alone: bool = False) -> list[LogView]:
    """What the provider of the actor's team changed and was refused in the last 90 days, the newest first.

    Raises PermissionDeniedError.
    """
    require_view(actor)
    found = LogEntry.objects.filter(team=team_of(actor)).order_by("-at", "-pk")
    if refused_alone:
        found = found.filter(done=False)
    page = found[first : first + many]
    return [LogView(one.at, one.token, Act(one.act), one.whom, one.done, one.reason) for one in page]


def in_care(actor: Actor) -> int:
    """How many members the provider keeps."""
    require_view(actor)
    return Provisioned.objects.filter(team=team_of(actor).pk).count()


def stakes_in_care(actor: Actor) -> Mapping[str, int]:
    """What belongs to the people whom the provider may delete (the first 200), by `teams.types.Stake`: what goes with
    them, or to an heir. Raises PermissionDeniedError.
    """
    require_view(actor)
    team, counted = team_of(actor), Counter[str]()
    rows = Provisioned.objects.filter(team=team.pk).select_related("membership__user").order_by("pk")
    for row in rows[:_COUNTED]:
        if not is_left_alone(row.membership):
            counted.update(departure(actor=actor, team=team, user=row.membership.user))
    return counted
