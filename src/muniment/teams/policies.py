"""Who may do what to teams: the one place that decides it."""

from collections.abc import Sequence

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


def require_recovery(actor: Actor, pairs: Sequence[tuple[Actor, Actor | None]], *, owns: bool, by_mail: bool) -> None:
    """A link that opens somebody's account is shown only to who may do all that person may, in every team of theirs.

    `pairs`: the person in each team, and the actor there or None; `owns`: whether the person owns any; `by_mail`:
    whether the person can ask for the link at the own address. Attack stopped: who manages members fetches the link of
    an owner, or of a member who is more in another team, and becomes that person. Nobody fetches the own: it would
    stand in for the password that a stolen session does not know.
    """
    if not any(theirs.team == actor.team for theirs, _ in pairs):
        raise NotFoundError("There is no such member.")
    includes = all(mine is not None and theirs.permissions <= mine.permissions for theirs, mine in pairs)
    own = any(theirs.user == actor.user for theirs, _ in pairs)
    if not actor.holds(Permission.MEMBER_CREATE) or owns or own or by_mail or not includes:
        raise PermissionDeniedError("You may not fetch this link. On the server: muniment user recovery-link.")
