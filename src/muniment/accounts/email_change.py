"""A person's own address is changed: asked for, shown to be theirs, changed. Offered by `services`.

* A link goes to the new address, and a notice to the old one; another notice when it is done. The link works for the
  person alone, signed in. Attack stopped: somebody asks for the address of another, who clicks, and it is his account
  that the address opens from then on.
* Without mail the link is made by whoever may give the person a recovery link, and handed over. It gives less than
  that one: nobody but the person can use it.
* Whether an address is taken is told to nobody: answer, notice and log are the same, no link comes. Residue: who hands
  links out where no mail is sent learns it from a link of his own, as from an invitation.
* What was made for the old address opens nothing any more; sessions and trust end as with a new password.
"""

import secrets
from email.message import EmailMessage
from enum import StrEnum

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from muniment.accounts import events
from muniment.accounts.changes import factors_changed, links_die, note
from muniment.accounts.errors import EmailRefusedError, LinkError
from muniment.accounts.links import DEAD, hash_of
from muniment.accounts.models import EmailChange, User, UserManager
from muniment.accounts.policies import require_own_door
from muniment.accounts.types import LINK_LIFETIME, LinkPurpose
from muniment.core.actors import SYSTEM, Actor
from muniment.core.clock import now
from muniment.core.network.mail import send_mail
from muniment.jobs.services import enqueue

SEND_EMAIL_CHANGE = "accounts:send_email_change"
_PAGE = "/profile/email/confirm"


class Letter(StrEnum):
    """What is sent, each by a job of its own: one that cannot be delivered holds no other up."""

    ASKED = "asked"  # to the old address
    LINK = "link"  # to the new one
    DONE = "done"  # to the old one


def ask_to_change_email(*, actor: Actor, user: User, email: str) -> None:
    """A link goes to the new address, unless it is somebody's, and a notice to the old one. Raises EmailRefusedError.

    The work here is the same for every address; a job looks whose it is.
    """
    require_own_door(actor, user)
    email = email_address(email)
    with transaction.atomic():
        asked = EmailChange.objects.create(user=user, email=email, was=user.email, asked_by=SYSTEM.ref)
        for letter in (Letter.ASKED, Letter.LINK):
            _enqueue(asked, letter)
        note(events.EMAIL_ASKED, actor, user, sealed={"email": email})


def make_email_link(*, actor: Actor, user: User, email: str) -> str:
    """The link for a new address, to be handed to the person; kept nowhere. For services that have checked who may
    have it. Raises EmailRefusedError.
    """
    with transaction.atomic():
        asked = EmailChange.objects.create(user=user, email=email_address(email), was=user.email, asked_by=actor.ref)
        link = _link(asked)
        note(events.LINK_MADE, actor, user, purpose=LinkPurpose.EMAIL)
    return link


def change_email(*, actor: Actor, user: User, token: str, keep: str | None) -> None:
    """Uses the link up; the person signs in with the new address from now on. API keys and second factors stay.

    Raises LinkError, with nothing done: also where the address is somebody's by now. Ends every session but the one
    with the key `keep`.
    """
    require_own_door(actor, user)
    with transaction.atomic():
        moment = now()
        change = EmailChange.objects.filter(user=user, token_hash=hash_of(token), used_at=None, expires_at__gt=moment)
        asked = change.first()
        # Attack stopped: one link used by two browsers at once. Of two updates one finds it unused.
        if asked is None or not change.update(used_at=moment):
            raise LinkError(DEAD)
        is_mailed = asked.asked_by == SYSTEM.ref
        user.email, user.email_verified_at = asked.email, moment if is_mailed else None
        _store(user)
        links_die(user)
        factors_changed(user, keep=keep)
        if settings.MUNIMENT_MAIL.server is not None:
            _enqueue(asked, Letter.DONE)
        sealed = {"email": asked.email, "email_was": asked.was}
        note(events.EMAIL_CHANGED, actor, user, sealed=sealed, mailed=is_mailed)


def tell_old_address(user: User, was: str, *, by: Actor) -> None:
    """Somebody who vouches for the person changed the address: the old one is told, as it is when the person does."""
    if settings.MUNIMENT_MAIL.server is not None:
        changed = EmailChange.objects.create(user=user, email=user.email, was=was, asked_by=by.ref, used_at=now())
        _enqueue(changed, Letter.DONE)


def send_letter(*, change: int, letter: Letter) -> None:
    """What the job does. Raises what `send_mail` raises, and is then tried again."""
    asked = EmailChange.objects.filter(pk=change, user__is_active=True).select_related("user").first()
    if asked is None or (letter is Letter.LINK and not _is_free(asked)):
        return
    with override(asked.user.language or settings.LANGUAGE_CODE):
        send_mail(_message(asked, letter), mail=settings.MUNIMENT_MAIL, actor=SYSTEM)


def _is_free(asked: EmailChange) -> bool:
    """Attack stopped: a link asked for with a stolen session is made after the password was changed."""
    is_void = asked.used_at is not None or asked.expires_at <= now()
    return not is_void and not User.objects.filter(email=asked.email).exists()


def _link(asked: EmailChange) -> str:
    """Of one that was voided meanwhile the link is void."""
    token, moment = secrets.token_urlsafe(32), now()
    waiting = EmailChange.objects.filter(pk=asked.pk, used_at=None, expires_at__gt=moment)
    waiting.update(token_hash=hash_of(token), expires_at=moment + LINK_LIFETIME)
    return f"{settings.MUNIMENT_BASE_URL.origin}{_PAGE}#{token}"


def _store(user: User) -> None:
    try:
        with transaction.atomic():
            user.save(update_fields=["email", "email_verified_at"])
    except IntegrityError:
        raise LinkError(DEAD) from None


def _enqueue(asked: EmailChange, letter: Letter) -> None:
    enqueue(actor=SYSTEM, kind=SEND_EMAIL_CHANGE, payload={"change": str(asked.pk), "letter": letter.value})


def _message(asked: EmailChange, letter: Letter) -> EmailMessage:
    message, host = EmailMessage(), settings.MUNIMENT_BASE_URL.origin
    message["From"] = settings.MUNIMENT_MAIL.sender
    message["To"] = asked.email if letter is Letter.LINK else asked.was
    if letter is Letter.LINK:
        message["Subject"] = _("Confirm your new e-mail address")
        text = _("Open this link where you are signed in on %(host)s. It works once, for 15 minutes:") % {"host": host}
        otherwise = _("You did not ask for it? Then nothing needs to be done; nothing was changed.")
        message.set_content(f"{text}\n\n{_link(asked)}\n\n{otherwise}\n")
    elif letter is Letter.ASKED:
        message["Subject"] = _("Your e-mail address is about to change")
        text = _(
            "Somebody who is signed in as you on %(host)s asked for another e-mail address. It changes once the link "
            "that was sent there is opened."
        )
        otherwise = _("It was not you? Change your password at once: that ends other sessions, and the link.")
        message.set_content(f"{text % {'host': host}}\n\n{otherwise}\n")
    else:
        message["Subject"] = _("Your e-mail address was changed")
        text = _(
            "Your account on %(host)s opens with another e-mail address from now on. Other devices are signed out."
        )
        otherwise = _("It was not you? Tell an owner of your team, or the person who runs the server.")
        message.set_content(f"{text % {'host': host}}\n\n{otherwise}\n")
    return message


def email_address(email: str) -> str:
    """As it is stored and compared. Raises EmailRefusedError."""
    email = UserManager.normalise(email)
    try:
        validate_email(email)
    except ValidationError:
        raise EmailRefusedError("This is not an e-mail address. Check it.") from None
    return email
