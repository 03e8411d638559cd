"""What changes provisioning. The pages and commands of owners and the operator call these.

The protocol's own part, `serving`, is the door's alone: the libraries that speak it take a second to load, and neither
a command nor a worker needs them.
"""

from typing import TYPE_CHECKING

from muniment.core.permissions import Permission
from muniment.scim.error_form import error_answer
from muniment.scim.log import forget_old_entries
from muniment.scim.models import Provisioned
from muniment.scim.roles import roles_follow
from muniment.scim.rows import rows_of
from muniment.scim.tokens import create_token, holder_of, revoke_token
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
]


def apply_group_rules(*, actor: "Actor") -> int:
    """Gives everybody in the provider's care the role of the rules as they are now: where somebody was given another by
    hand, or the role of new people was changed. Returns how many roles changed. Raises PermissionDeniedError.
    """
    with acting_in(actor, team_of(actor), Permission.CONNECTION_UPDATE) as acting:
        return roles_follow(acting, list(rows_of(team_of(acting).pk, Provisioned)))
