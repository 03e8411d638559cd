"""Who may see and set what a team uses: the one place that decides it."""

from muniment.core.actors import Actor
from muniment.core.errors import NotFoundError, PermissionDeniedError
from muniment.core.permissions import Permission


def may_see(actor: Actor) -> bool:
    return actor.team is not None and actor.holds(Permission.CREDIT_VIEW)


def check_see(actor: Actor) -> str:
    """The team whose use it is."""
    if actor.team is None or not may_see(actor):
        raise PermissionDeniedError("Your role does not show what the team uses. Ask an owner of the team.")
    return actor.team


def check_team(actor: Actor, team: str) -> None:
    """Attack stopped: an actor of one team uses up, or frees, what is another's. What he may do there was asked where
    the agent was opened.
    """
    if actor.is_bound and actor.team != team:
        raise NotFoundError("There is nothing here.")


def is_told(actor: Actor) -> bool:
    """Whether this person can do something about a limit that comes near: make room, or have it raised."""
    return may_see(actor) and (actor.holds(Permission.DOCUMENT_DELETE) or actor.holds(Permission.CREDIT_UPDATE))


def check_set(actor: Actor) -> None:
    """Limits are the server's: who owns a team must not raise what it may take from all others."""
    if actor.is_bound:
        raise NotFoundError("Limits are set by the operator, on the server: muniment team limits")
