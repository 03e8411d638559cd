"""Who may do what to teams: the one place that decides it."""

from muniment.core.actors import Actor, ActorKind
from muniment.core.errors import NotFoundError, PermissionDeniedError
from muniment.core.permissions import Permission
from muniment.teams.models import Team


def require_create(actor: Actor) -> None:
    """Teams are made by setup and the operator alone."""
    if actor.kind is ActorKind.PERSON:
        raise PermissionDeniedError("Only the operator of this server can make a team.")


def require_in_team(actor: Actor, team: Team, permission: Permission) -> None:
    """A team the actor is not in now is not there (404); in the own one the permission counts."""
    if actor.kind is ActorKind.PERSON and actor.team != team.pk:
        raise NotFoundError("There is no such team. Choose one of your teams.")
    if not actor.holds(permission):
        raise PermissionDeniedError("Only an owner of the team may do this. Ask one.")


def require_operator(actor: Actor) -> None:
    """Setup links come from the server's shell, or from the server itself when it starts."""
    if actor.kind is ActorKind.PERSON:
        raise NotFoundError("There is nothing here.")
