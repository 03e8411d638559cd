"""What changes accounts: made, renamed, given a new password, signed in and out."""

from typing import TYPE_CHECKING, cast

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponseBase

from muniment.accounts import events
from muniment.accounts.errors import EmailRefusedError, EmailTakenError, PasswordRefusedError, WrongPasswordError
from muniment.accounts.known_browsers import remember_browser
from muniment.accounts.models import CacheEntry, Session, User, UserManager
from muniment.accounts.policies import require_create, require_own
from muniment.accounts.selectors import team_that_sees
from muniment.accounts.types import SignInMethod
from muniment.audit.services import introduce_person, record
from muniment.core.actors import SYSTEM, Actor, ActorKind
from muniment.core.cleaning import one_line
from muniment.core.clock import now

if TYPE_CHECKING:
    from django.db.models import QuerySet


def create_user(*, actor: Actor, email: str, password: str, name: str = "") -> User:
    """Makes an account. Raises EmailRefusedError, EmailTakenError, PasswordRefusedError, PermissionDeniedError."""
    require_create(actor)
    user = unsaved_user(email=email, password=password, name=name)
    with transaction.atomic():
        store_user(user)
        record(kind=events.USER_CREATED, actor=actor, subject=user.ref, sealed={"email": user.email})
    return user


def unsaved_user(*, email: str, password: str, name: str = "") -> User:
    """The account as it would be stored, checked and with its password hashed: the slow part, before a transaction.

    For services above whose own event covers the account: they call `store_user` in their transaction.
    """
    user = User(email=UserManager.normalise(email), name=one_line(name))
    user.password = _hashed(password, user)
    try:
        user.clean_fields()
    except ValidationError:
        raise EmailRefusedError("This is not an e-mail address, or the name is longer than 200 characters.") from None
    return user


def store_user(user: User) -> None:
    """Within the caller's transaction. The account key is durable before the first thing sealed under it."""
    if User.objects.filter(email=user.email).exists():
        raise EmailTakenError("There is an account with this e-mail address. Sign in with it.")
    introduce_person(ref=user.ref)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError:
        raise EmailTakenError("There is an account with this e-mail address. Sign in with it.") from None


def rename_user(*, actor: Actor, user: User, name: str) -> None:
    require_own(actor, user)
    with transaction.atomic():
        user.name = one_line(name)
        user.save(update_fields=["name"])
        record(kind=events.USER_RENAMED, actor=actor, subject=user.ref)


def change_password(*, actor: Actor, user: User, current: str, new: str, keep: str | None = None) -> None:
    """Checks the current password, stores the new one and ends every session but the one with the key `keep`.

    Raises WrongPasswordError, PasswordRefusedError. Whoever holds a stolen session has lost it when this returns.
    """
    require_own(actor, user)
    if not user.check_password(current):
        raise WrongPasswordError("This is not your current password.")
    hashed = _hashed(new, user)
    with transaction.atomic():
        user.password = hashed
        user.save(update_fields=["password"])
        _end(user, keep)
        record(kind=events.PASSWORD_CHANGED, actor=actor, subject=user.ref, team=_team(actor, user))


def sign_in_person(*, request: HttpRequest, user: User, method: SignInMethod, after: str) -> HttpResponseBase:
    """Opens a session for a person who has proven to be `user`, and leads on to `after`, an address on this server.

    Session and event are made together or not at all. The session gets a new key (session fixation: a key planted
    before the sign-in is worth nothing after it). Way and stages are allauth's, where second factors will come in.
    """
    actor = Actor(kind=ActorKind.PERSON, ref=user.ref, user=user.pk)
    address = request.META.get("REMOTE_ADDR", "")
    with transaction.atomic():
        record(
            kind=events.SIGNED_IN,
            actor=actor,
            subject=user.ref,
            team=_team(actor, user),
            facts={"method": method},
            sealed={"address": address, "email": user.email},
        )
        login = Login(user=user, email=user.email, redirect_url=after)
        response = cast("HttpResponseBase", perform_password_login(request, {"email": user.email}, login))
    remember_browser(request, response, user)
    return response


def record_sign_in_refusal(*, email: str, address: str, reason: events.SignInRefusal) -> None:
    """The event of a refused sign-in: about the person when the address is somebody's, else about nobody known.

    What was typed is sealed with the person's key, or with the day's, and dies with it. The product itself acts: who
    typed is not known.
    """
    user = User.objects.filter(email=UserManager.normalise(email)).first()
    with transaction.atomic():
        record(
            kind=events.SIGN_IN_REFUSED,
            actor=SYSTEM,
            subject=user.ref if user else None,
            team=team_that_sees(user.pk) if user else None,
            outcome="refused",
            facts={"reason": reason},
            sealed={"address": address, "email": email[:254]},
        )


def end_sessions(
    *, actor: Actor, user: User, reason: events.SessionEnd = events.SessionEnd.END_OTHERS, keep: str | None = None
) -> int:
    """Signs the person out everywhere but in the session with the key `keep`. Returns how many sessions ended."""
    require_own(actor, user)
    with transaction.atomic():
        ended = _end(user, keep)
        facts = {"sessions": ended, "reason": reason}
        record(kind=events.SESSIONS_ENDED, actor=actor, subject=user.ref, team=_team(actor, user), facts=facts)
    return ended


def end_session(*, actor: Actor, user: User, key: str) -> None:
    """Signs the person out of one session."""
    require_own(actor, user)
    with transaction.atomic():
        ended = _delete(Session.objects.filter(user=user, session_key=key))
        facts = {"sessions": ended, "reason": events.SessionEnd.SIGN_OUT}
        record(kind=events.SESSIONS_ENDED, actor=actor, subject=user.ref, team=_team(actor, user), facts=facts)


def sign_out_everywhere(user: User) -> int:
    """For services above whose own event covers it, within their transaction. Returns how many sessions ended."""
    return _end(user, None)


def forget_expired() -> int:
    """Deletes sessions that are over and counts of attempts that no longer matter. Returns how many sessions."""
    CacheEntry.objects.filter(expires__lt=now()).delete()
    return _delete(Session.objects.filter(expire_date__lt=now()))


def _hashed(password: str, user: User) -> str:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise PasswordRefusedError(error.messages) from None
    return make_password(password)


def _end(user: User, keep: str | None) -> int:
    return _delete(Session.objects.filter(user=user).exclude(session_key=keep or ""))


def _delete(sessions: "QuerySet[Session]") -> int:
    return sessions.delete()[0]


def _team(actor: Actor, user: User) -> str | None:
    return actor.team or team_that_sees(user.pk)
