"""Who may see and change the server's own pages: the one place that decides it."""

from muniment.core.actors import Actor
from muniment.core.errors import NotFoundError
from muniment.core.permissions import Permission
from muniment.teams.selectors import claimed_by


def may_see_server(actor: Actor) -> bool:
    """Whether there are pages of the server for the actor: models are each team's own."""
    return actor.team is not None and actor.holds(Permission.PROVIDER_UPDATE)


def may_see_operated(actor: Actor) -> bool:
    """What the operator set, and a message by the operator's mail server.

    Attack stopped: Mallory owns another team on this server, and reads there which hosts are inside, and as whom it
    signs in to its mail server. Residue: until somebody claims the installation, owners of the teams that the operator
    made by command see it.
    """
    return may_see_server(actor) and claimed_by() in {None, actor.team}


def check_server(actor: Actor) -> None:
    if not may_see_server(actor):
        raise NotFoundError("There is nothing here.")


def check_operated(actor: Actor) -> None:
    if not may_see_operated(actor):
        raise NotFoundError("There is nothing here.")
