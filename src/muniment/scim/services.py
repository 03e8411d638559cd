"""What changes provisioning. The doors, and the pages and commands of owners and the operator, call these."""

from datetime import timedelta
from typing import TYPE_CHECKING

from muniment.core.clock import now
from muniment.core.permissions import Permission
from muniment.scim.groups import roles_follow
from muniment.scim.models import LogEntry, Provisioned
from muniment.scim.reading import rows_of
from muniment.scim.serving import error_answer, serve
from muniment.scim.tokens import create_token, holder_of, revoke_token
from muniment.scim.types import LOG_KEPT
from muniment.teams.selectors import team_of
from muniment.teams.services import acting_in

if TYPE_CHECKING:
    from muniment.core.actors import Actor

__all__ = [
    "apply_group_rules",
    "create_token",
    "error_answer",
    "forget_old_entries",
    "holder_of",
    "revoke_token",
    "serve",
]


def apply_group_rules(*, actor: "Actor") -> int:
    """Gives everybody in the provider's care the role of the rules as they are now: after they were changed, when the
    provider has nothing new to say. Returns how many roles changed. Raises PermissionDeniedError.
    """
    with acting_in(actor, team_of(actor), Permission.CONNECTION_UPDATE) as acting:
        return roles_follow(acting, list(rows_of(team_of(acting).pk, Provisioned)))


def forget_old_entries() -> int:
    """What the provider did and was refused, after 90 days. Returns how many."""
    return LogEntry.objects.filter(at__lt=now() - timedelta(days=LOG_KEPT)).delete()[0]
