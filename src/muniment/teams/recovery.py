"""Links that are handed over without mail, to set a new password or to change an address: who may fetch one for whom.
Offered by `services`.
"""

from contextlib import suppress
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from muniment.accounts.selectors import account_by_email, account_by_ref
from muniment.accounts.services import make_email_link, make_link
from muniment.accounts.types import LinkPurpose
from muniment.core.actors import Actor
from muniment.core.errors import NotFoundError, PermissionDeniedError
from muniment.teams.models import Membership
from muniment.teams.policies import require_operator, require_recovery
from muniment.teams.selectors import actor_by_ids

if TYPE_CHECKING:
    from muniment.accounts.models import User


def fetch_recovery_link(*, actor: Actor, person: str) -> str:
    """A link that sets a new password for the member with this reference, to be handed over; good once, for 15 minutes.

    Raises NotFoundError, PermissionDeniedError (`policies.require_recovery`). The person is told at the next sign-in.
    """
    return _made(actor, recoverable(actor=actor, person=person))


def recoverable(*, actor: Actor, person: str) -> "User":
    """The member whose link the actor may fetch. Raises as `fetch_recovery_link`."""
    user = account_by_ref(person)
    theirs = Membership.objects.filter(user=user).select_related("custom_role")
    memberships = [(one, _mine(actor, one.team_id)) for one in theirs]
    require_recovery(actor, memberships, by_mail=settings.MUNIMENT_MAIL.server is not None)
    return user


def may_recover(*, actor: Actor, person: str) -> bool:
    """Whether the actor may fetch this member's link."""
    with suppress(NotFoundError, PermissionDeniedError):
        return bool(recoverable(actor=actor, person=person))
    return False


def operator_recovery_link(*, actor: Actor, email: str) -> str:
    """The same for anybody, an owner too, on the server's own shell. Raises NotFoundError."""
    require_operator(actor)
    return _made(actor, account_by_email(email))


def fetch_email_link(*, actor: Actor, person: str, email: str) -> str:
    """A link by which that member, signed in, changes to this address. Raises EmailRefusedError, and as above: who may
    not set the person's password may not say either where the next link to it is sent.
    """
    return make_email_link(actor=actor, user=recoverable(actor=actor, person=person), email=email)


def operator_email_link(*, actor: Actor, email: str, new: str) -> str:
    """The same for anybody, on the server's own shell. Raises NotFoundError, EmailRefusedError."""
    require_operator(actor)
    return make_email_link(actor=actor, user=account_by_email(email), email=new)


def _made(actor: Actor, user: "User") -> str:
    with transaction.atomic():
        return make_link(actor=actor, user=user, purpose=LinkPurpose.RECOVERY)


def _mine(actor: Actor, team: str) -> Actor | None:
    """What the actor may do in another team, or in this one; None where the actor is not in it."""
    if team in actor.closed:  # what this session does not open, it fetches nothing from
        return None
    with suppress(NotFoundError):
        return actor_by_ids(user=actor.user or 0, team=team)
    return None
