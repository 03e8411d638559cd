"""Who may do what to accounts: the one place that decides it."""

from typing import TYPE_CHECKING

from muniment.core.actors import Actor
from muniment.core.errors import NotFoundError, PermissionDeniedError
from muniment.core.permissions import Permission

if TYPE_CHECKING:
    from muniment.accounts.models import User


def require_create(actor: Actor) -> None:
    """Registration is closed: setup, an invitation by somebody who may, or the operator make accounts."""
    if actor.is_bound and not actor.holds(Permission.MEMBER_CREATE):
        raise PermissionDeniedError("Only an owner of the team may add people. Ask one.")


def require_own(actor: Actor, user: "User") -> None:
    """A person keeps only the own account, and by no key: somebody else's is not there. The operator may keep any."""
    if actor.is_bound and (actor.user != user.pk or actor.key):
        raise NotFoundError("There is no such account.")
