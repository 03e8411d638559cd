"""Who may read what of the API: the one place that decides it."""

from django.http import HttpRequest

from muniment.core.actors import Actor
from muniment.core.network.listening import is_loopback
from muniment.core.permissions import Permission


def may_read_metrics(request: HttpRequest) -> bool:
    """Only this machine (by its real peer: `console.middleware.TrustedProxy`), and signed-in owners."""
    actor: Actor | None = getattr(request, "actor", None)
    return is_loopback(request.META.get("REMOTE_ADDR", "")) or (
        actor is not None and actor.holds(Permission.TEAM_UPDATE)
    )
