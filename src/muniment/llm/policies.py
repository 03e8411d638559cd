"""Who may do what with a team's providers: the one place that decides it."""

from muniment.core.actors import Actor
from muniment.core.errors import NotFoundError, PermissionDeniedError
from muniment.core.permissions import Permission


def may_view(actor: Actor) -> bool:
    """Names of providers, to choose one for an agent."""
    return actor.team is not None and actor.holds(Permission.PROVIDER_VIEW)


def may_be_told(actor: Actor, team: str) -> bool:
    """Which model answers and where it is: for everybody of the team, as it concerns what each of them asks."""
    return actor.team is not None and actor.team == team


def check_update(actor: Actor) -> str:
    """The id of the team whose providers the actor may change."""
    if not may_view(actor) or actor.team is None:
        raise NotFoundError("There is no such provider.")
    if not actor.holds(Permission.PROVIDER_UPDATE):
        raise PermissionDeniedError("Only an owner of the team may do this. Ask one.")
    return actor.team


def check_try(actor: Actor) -> None:
    """Whether the actor may have the models of the installation answer a word: the operator may, without a team."""
    if not actor.holds(Permission.PROVIDER_UPDATE):
        raise NotFoundError("There is no such model.")
