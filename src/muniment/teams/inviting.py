"""A seat kept for somebody: a link, good once, for some days, for one e-mail address.

* The token is 256 random bits in the fragment of the link, as in `teams.setup`; here only its SHA-256 is kept.
* The link goes to the address by mail. Where no mail is sent, whoever invites gets it to pass on: that hands him an
  account of the invited role, so it is one he could have given himself, and never an owner's.
* It gives what its inviter may give in the moment it is used: with the inviter's permission it ends.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from muniment.accounts.selectors import own_account
from muniment.accounts.services import email_address, store_user, unsaved_user
from muniment.audit.services import record
from muniment.core.actors import SYSTEM, Actor
from muniment.core.clock import now
from muniment.core.errors import MunimentError, NotFoundError, PermissionDeniedError
from muniment.core.network.mail import send_mail
from muniment.core.permissions import Permission
from muniment.teams import events
from muniment.teams.errors import AlreadyMemberError, InvitationError, LinkWithheldError
from muniment.teams.membership import acting_in, seat
from muniment.teams.models import CustomRole, Invitation, Membership, Team, rights_of, role_fields
from muniment.teams.policies import require_all_teams, require_covers, require_role_of
from muniment.teams.selectors import actor_by_ids, actor_for
from muniment.teams.types import Role

if TYPE_CHECKING:
    from muniment.accounts.models import User

LONGEST = 30  # days
_DEAD = "This invitation does not work. It may be used, withdrawn, too old, or for another address. Ask for a new one."
_OWNER = (
    "The link to become an owner is sent by mail alone, and no mail server is set. Invite as something else and change "
    "the role, or run on the server: muniment user create EMAIL --role owner"
)


@dataclass(frozen=True, slots=True)
class Invited:
    """`link`: to be passed on; None where it went out by mail."""

    invitation: Invitation
    link: str | None


def invite(*, actor: Actor, team: Team, email: str, role: Role | CustomRole, days: int = 7) -> Invited:
    """Keeps a seat for the address; an older invitation of it ends. Raises EmailRefusedError, AlreadyMemberError,
    LinkWithheldError, PermissionDeniedError, and where mail is sent what `core.network.mail.send_mail` raises: then
    nothing is kept.
    """
    email, days = email_address(email), min(max(days, 1), LONGEST)
    by_mail = actor.is_bound and settings.MUNIMENT_MAIL.server is not None
    token = secrets.token_urlsafe(32)
    with acting_in(actor, team, Permission.MEMBER_CREATE) as acting:
        require_role_of(team, role)
        require_covers(acting, rights_of(role))
        if role is Role.OWNER and not by_mail and actor.is_bound:
            raise LinkWithheldError(_OWNER)
        if Membership.objects.filter(team=team, user__email=email).exists():
            raise AlreadyMemberError("This person is in the team already.")
        invitation = _kept(acting, team, email, role, token, days)
        record(
            kind=events.INVITED,
            actor=acting,
            subject=invitation.pk,
            team=team.pk,
            facts={"role": Role(invitation.role), "days": days, "mailed": by_mail},
            sealed={"email": email},
        )
    link = f"{settings.MUNIMENT_BASE_URL.origin}/invitation#{token}"
    if not by_mail:
        return Invited(invitation, link)
    try:
        send_mail(_message(invitation, link), mail=settings.MUNIMENT_MAIL, actor=actor)
    except MunimentError:
        withdraw_invitation(actor=actor, team=team, invitation=invitation.pk)
        raise
    return Invited(invitation, None)


def withdraw_invitation(*, actor: Actor, team: Team, invitation: str) -> None:
    with acting_in(actor, team, Permission.MEMBER_CREATE) as acting:
        found = Invitation.objects.filter(team=team, pk=invitation).select_related("custom_role").first()
        if found is None:
            raise NotFoundError("There is no such invitation, or not any more.")
        require_covers(acting, found.rights)
        found.delete()
        record(kind=events.INVITATION_WITHDRAWN, actor=acting, subject=invitation, team=team.pk)


def accept_as_new(*, token: str, name: str, password: str) -> "User":
    """Makes the account the invitation is for, in its team. Nobody is signed in: the token is the permission.

    It is checked before the password is hashed, so that only its holder can make the server work, and again in the
    transaction. Raises InvitationError, and what `accounts.services.unsaved_user` and `store_user` raise.
    """
    user = unsaved_user(email=_open(token).email, password=password, name=name)
    with transaction.atomic():
        invitation = _open(token)
        store_user(user)
        _join(invitation, user, is_new=True)
    return user


def accept(*, actor: Actor, token: str) -> Team:
    """For somebody who is signed in with the address of the invitation; the team that was joined.

    Attack stopped: a forwarded link brings whoever opens it into the team. Residue accepted: an address that has no
    account yet belongs to whoever first opens its link.
    """
    require_all_teams(actor)
    user = own_account(actor)
    with transaction.atomic():
        invitation = _open(token)
        if invitation.email != user.email:
            raise InvitationError(_DEAD)
        _join(invitation, user, is_new=False)
    return invitation.team


def record_refusal() -> None:
    """A link was tried that does not work."""
    with transaction.atomic():
        record(kind=events.INVITATION_REFUSED, actor=SYSTEM, outcome="refused")


def _kept(acting: Actor, team: Team, email: str, role: Role | CustomRole, token: str, days: int) -> Invitation:
    """In place of an older one, which must have been his to take away."""
    older = Invitation.objects.filter(team=team, email=email).select_related("custom_role").first()
    if older is not None:
        require_covers(acting, older.rights)
        older.delete()
    return Invitation.objects.create(
        team=team,
        email=email,
        token_hash=_hash(token),
        invited_by_id=acting.user,
        expires_at=now() + timedelta(days=days),
        **role_fields(role),
    )


def _open(token: str) -> Invitation:
    """The invitation of a link that works now."""
    found = Invitation.objects.filter(token_hash=_hash(token)).select_related("team", "custom_role").first()
    if found is None or found.expires_at <= now() or not _still_given(found):
        raise InvitationError(_DEAD)
    return found


def _still_given(invitation: Invitation) -> bool:
    """Attack stopped: somebody invites his second address while he may, is demoted, and comes back by the link."""
    if invitation.invited_by_id is None:
        return True
    try:
        inviter = actor_by_ids(user=invitation.invited_by_id, team=invitation.team_id)
        require_covers(inviter, invitation.rights)
    except (NotFoundError, PermissionDeniedError):
        return False
    return inviter.holds(Permission.MEMBER_CREATE)


def _join(invitation: Invitation, user: "User", *, is_new: bool) -> None:
    """Within the caller's transaction. Of two uses at once the row lets one in."""
    team, role = invitation.team, invitation.held
    if not Invitation.objects.filter(pk=invitation.pk).delete()[0]:
        raise InvitationError(_DEAD)
    seat(team=team, user=user, role=role)
    facts = {"role": Role(invitation.role), "new_account": is_new}
    joined = actor_for(user, team)
    record(kind=events.INVITATION_ACCEPTED, actor=joined, subject=user.ref, team=team.pk, facts=facts)


def _message(invitation: Invitation, link: str) -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = _("You are invited to %(team)s") % {"team": invitation.team.name}
    message["From"], message["To"] = settings.MUNIMENT_MAIL.sender, invitation.email
    until = date_format(invitation.expires_at, "DATETIME_FORMAT")
    message.set_content(
        _("You are invited to the team %(team)s on %(host)s. This link is for you alone, works once, until %(until)s:")
        % {"team": invitation.team.name, "host": settings.MUNIMENT_BASE_URL.origin, "until": until}
        + f"\n\n{link}\n\n"
        + _("If you did not expect it, do nothing.")
    )
    return message


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.strip().encode()).digest()
