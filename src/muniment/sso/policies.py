"""Who may do what with a team's connections: the one place that decides it."""

from muniment.core.actors import Actor
from muniment.core.errors import NotFoundError, PermissionDeniedError
from muniment.core.permissions import Permission


def may_view(actor: Actor) -> bool:
    return actor.team is not None and actor.holds(Permission.CONNECTION_VIEW)


def require_view(actor: Actor) -> str:
    """The id of the team whose connections the actor may see."""
    if actor.team is None:
        raise NotFoundError("There is nothing here. Choose one of your teams.")
    if not actor.holds(Permission.CONNECTION_VIEW):
        raise PermissionDeniedError("Your role does not allow this. Ask an owner of the team.")
    return actor.team


def require_update(actor: Actor) -> str:
    """The same for who may change them. It decides who comes in as whom: owners alone, and no key of theirs."""
    team = require_view(actor)
    if not actor.holds(Permission.CONNECTION_UPDATE):
        raise PermissionDeniedError("Only an owner of the team may change how it signs in. Ask one.")
    return team


def may_update(actor: Actor) -> bool:
    return may_view(actor) and actor.holds(Permission.CONNECTION_UPDATE)
