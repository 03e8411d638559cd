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


def require_own_door(actor: Actor, user: "User") -> None:
    """What opens the account is changed in a session that it opened itself.

    Attack stopped: who runs a team's provider comes as one of its people and leaves a password, a passkey or an address
    of his own behind, which opens all of that person's teams, and still does when the provider is his no more.
    """
    require_own(actor, user)
    if actor.alone:
        raise PermissionDeniedError(
            "Your organisation's identity provider opened this session. To change how your account is opened, sign in "
            "with your own password or passkey; the link Forgotten your password? on the sign-in page sets one."
        )


def require_rename(actor: Actor) -> None:
    """Attack stopped: who runs one team's provider comes as one of its people and calls the person something else in
    all of that person's teams.
    """
    if actor.alone and actor.closed:
        raise PermissionDeniedError(
            "Your organisation's identity provider opened this session, and your other teams see your name too. Sign "
            "in with your own password or passkey to change it."
        )
