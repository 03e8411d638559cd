"""Who may read the log: the one place that decides it."""

from django.db.models import Q

from muniment.audit.events import EVERYBODYS
from muniment.core.actors import Actor
from muniment.core.errors import PermissionDeniedError
from muniment.core.permissions import Permission


def readable(actor: Actor) -> Q:
    """The entries `actor` may read. Raises PermissionDeniedError.

    A person or service reads the team it acts in, and nothing of any other. The operator and the product itself
    read all: who has the server's shell can read the file anyway, and the log should say so rather than pretend.
    """
    if not actor.holds(Permission.AUDIT_VIEW):
        raise PermissionDeniedError("You may not read the audit log. Ask an owner of the team.")
    if not actor.is_bound:
        return Q()
    if actor.team is None:
        raise PermissionDeniedError("Open a team first: the audit log is read team by team.")
    return Q(team=actor.team) | Q(kind__in=EVERYBODYS)


def provable(actor: Actor) -> Q:
    """The entries `actor` may have a receipt of: those it may read, and its own acts in the team it is in now."""
    if not actor.is_bound:
        return readable(actor)
    own = Q(actor=actor.ref, team=actor.team) if actor.team else Q(pk__in=[])
    return own | readable(actor) if actor.team and actor.holds(Permission.AUDIT_VIEW) else own
