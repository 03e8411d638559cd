"""Links that set a new password once, or show that an e-mail address is its person's. Offered by `services`.

* The token is 256 random bits in the fragment of the link, which browsers do not send; here its SHA-256 alone, for 15
  minutes. One that was used voids all others. A new one does not: a stranger who asks for a reset could void for ever
  what the person was just given.
* The address in it is the configured one. Attack stopped: a reset asked for under another Host header, whose link leads
  the person, and the token, to somebody else's server.
* Second factors stay. Attack stopped: who reads a person's mail, or may fetch links, takes the account over. He would
  still have to show the phone or the passkey.
"""

import hashlib
import secrets
from email.message import EmailMessage
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from muniment.accounts import events
from muniment.accounts.changes import factors_changed, links_die, note
from muniment.accounts.errors import LinkError
from muniment.accounts.models import AccountLink, User, UserManager
from muniment.accounts.new_passwords import hashed
from muniment.accounts.policies import require_own
from muniment.accounts.types import LINK_LIFETIME, LinkPurpose
from muniment.core.actors import SYSTEM, Actor, ActorKind
from muniment.core.clock import now
from muniment.core.network.mail import send_mail
from muniment.jobs.services import enqueue

if TYPE_CHECKING:
    from collections.abc import Mapping

SEND_LINK = "accounts:send_link"
_PAGES: "Mapping[LinkPurpose, str]" = {
    LinkPurpose.RESET: "/sign-in/new-password",
    LinkPurpose.RECOVERY: "/sign-in/new-password",
    LinkPurpose.VERIFY: "/sign-in/verify-email",
}
DEAD = "This link does not work any more. Ask for a new one."


def make_link(*, actor: Actor, user: User, purpose: LinkPurpose) -> str:
    """The link, to be shown or sent at once; it is kept nowhere. For services that have checked who may have it."""
    token, moment = secrets.token_urlsafe(32), now()
    with transaction.atomic():
        AccountLink.objects.create(
            user=user,
            purpose=purpose,
            token_hash=hash_of(token),
            fetched_by=actor.ref,
            created_at=moment,
            expires_at=moment + LINK_LIFETIME,
        )
        note(events.LINK_MADE, actor, user, purpose=purpose)
    return f"{settings.MUNIMENT_BASE_URL.origin}{_PAGES[purpose]}#{token}"


def ask_for_reset(*, email: str) -> None:
    """A link goes to this address, if it is somebody's; nobody is told whether. The work is the same here.

    Attack stopped: who has an account, told by how long the answer takes. Looking, writing and sending are a job's.
    """
    user = User.objects.filter(email=UserManager.normalise(email), is_active=True).first()
    _enqueue(user, LinkPurpose.RESET)


def ask_to_verify(*, actor: Actor, user: User) -> None:
    require_own(actor, user)
    _enqueue(user, LinkPurpose.VERIFY)


def send_link(*, user: int, purpose: LinkPurpose) -> None:
    """What the job does: for nobody, nothing. Raises what `send_mail` raises, and is then tried again."""
    found = User.objects.filter(pk=user, is_active=True).first()
    if found is None:
        return
    with override(found.language or settings.LANGUAGE_CODE):
        link = make_link(actor=SYSTEM, user=found, purpose=purpose)
        send_mail(_message(found, link, purpose), mail=settings.MUNIMENT_MAIL, actor=SYSTEM)


def check_link(token: str, *purposes: LinkPurpose) -> AccountLink:
    """Raises LinkError. Asked before a new password is hashed, so that only a holder makes the server work."""
    row = AccountLink.objects.filter(token_hash=hash_of(token), purpose__in=purposes).select_related("user").first()
    if row is None or row.used_at or row.expires_at <= now() or not row.user.is_active:
        raise LinkError(DEAD)
    return row


def set_password(*, token: str, new: str) -> None:
    """Uses the link up, stores the password and ends every session and trust; second factors stay.

    Nobody is signed in by it. Raises LinkError, PasswordRefusedError.
    """
    user = check_link(token, LinkPurpose.RESET, LinkPurpose.RECOVERY).user
    password = hashed(new, user)
    with transaction.atomic():
        row = _used(token, LinkPurpose.RESET, LinkPurpose.RECOVERY)
        user.password = password
        if row.purpose == LinkPurpose.RESET:
            user.email_verified_at = user.email_verified_at or now()
        user.save(update_fields=["password", "email_verified_at"])
        links_die(user)
        factors_changed(user, keep=None)
        note(events.PASSWORD_RESET, _person(user), user, purpose=LinkPurpose(row.purpose))


def verify_email(*, token: str) -> None:
    """Raises LinkError."""
    with transaction.atomic():
        user = _used(token, LinkPurpose.VERIFY).user
        user.email_verified_at = now()
        user.save(update_fields=["email_verified_at"])
        note(events.EMAIL_VERIFIED, _person(user), user)


def _used(token: str, *purposes: LinkPurpose) -> AccountLink:
    """Attack stopped: one link used by two browsers at once. Of two updates one finds it unused."""
    row = check_link(token, *purposes)
    if not AccountLink.objects.filter(pk=row.pk, used_at=None).update(used_at=now()):
        raise LinkError(DEAD)
    return row


def _enqueue(user: User | None, purpose: LinkPurpose) -> None:
    with transaction.atomic():
        enqueue(actor=SYSTEM, kind=SEND_LINK, payload={"user": str(user.pk if user else 0), "purpose": purpose.value})


def _message(user: User, link: str, purpose: LinkPurpose) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = settings.MUNIMENT_MAIL.sender, user.email
    if purpose is LinkPurpose.VERIFY:
        message["Subject"] = _("Confirm your e-mail address")
        text = _("This link shows that the address is yours. It works once, for 15 minutes:")
    else:
        message["Subject"] = _("A new password")
        text = _("This link sets a new password. It works once, for 15 minutes. Your second factor stays.")
    otherwise = _("You did not ask for it? Then nothing needs to be done; nothing was changed.")
    message.set_content(f"{text}\n\n{link}\n\n{otherwise}\n")
    return message


def _person(user: User) -> Actor:
    return Actor(kind=ActorKind.PERSON, ref=user.ref, user=user.pk)


def hash_of(token: str) -> bytes:
    return hashlib.sha256(token.strip().encode()).digest()
