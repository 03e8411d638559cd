"""Who may see and change the server's own pages: the one place that decides it."""

from muniment.core.actors import Actor
from muniment.core.errors import NotFoundError
from muniment.core.permissions import Permission


def may_see_server(actor: Actor) -> bool:
    """Owners of a team."""
    return actor.team is not None and actor.holds(Permission.PROVIDER_UPDATE)


def check_server(actor: Actor) -> None:
    if not may_see_server(actor):
        raise NotFoundError("There is nothing here.")
