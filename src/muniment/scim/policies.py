"""Who may do what to tokens, and what a token may do: the one place that decides it."""

from typing import TYPE_CHECKING

from muniment.core.actors import Actor
from muniment.core.errors import PermissionDeniedError
from muniment.core.permissions import Permission
from muniment.teams.types import RESERVED, Role

if TYPE_CHECKING:
    from muniment.teams.models import Membership

TOKEN_HOLDS = frozenset(Permission) - RESERVED
"""A token covers every role but the owner's: an owner decided which roles its groups give. It acts by the services this
room calls, and by no others: no other door takes it.
"""


def require_view(actor: Actor) -> None:
    if not may_view(actor):
        raise PermissionDeniedError("Your role does not allow this. Ask an owner of the team.")


def may_view(actor: Actor) -> bool:
    return actor.team is not None and actor.holds(Permission.CONNECTION_VIEW)


def may_update(actor: Actor) -> bool:
    return may_view(actor) and actor.holds(Permission.CONNECTION_UPDATE)


def require_update(actor: Actor) -> None:
    require_view(actor)
    if not may_update(actor):
        raise PermissionDeniedError("Only an owner of the team may change how people come in. Ask one.")


def is_left_alone(membership: "Membership") -> bool:
    """Attack stopped: who took over the provider shuts the owners out of their own team, and the people who were named
    to come in when the provider fails.
    """
    return membership.role == Role.OWNER or membership.break_glass


def require_in_care(membership: "Membership") -> None:
    if is_left_alone(membership):
        raise PermissionDeniedError(
            "This person owns the team, or is kept to enter when the provider fails. Change them on its pages."
        )
