"""Reads: what the provider did, and the tokens it may come with."""

from muniment.core.actors import Actor
from muniment.scim.models import LogEntry
from muniment.scim.policies import require_view
from muniment.scim.tokens import tokens_of
from muniment.scim.types import Act, LogView
from muniment.teams.selectors import team_of

__all__ = ["provisioning_log", "tokens_of"]


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
