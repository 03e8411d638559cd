"""What changes accounts: made, renamed, given a new password, signed in and out."""

import secrets
from collections.abc import Iterable
from zoneinfo import available_timezones

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from muniment.accounts import events
from muniment.accounts.authenticator_app import begin_app, disable_app, enable_app, rename_app, resume_app
from muniment.accounts.changes import end_sessions_but, factors_changed, links_die, note
from muniment.accounts.email_change import (
    ask_to_change_email,
    change_email,
    email_address,
    make_email_link,
    tell_old_address,
)
from muniment.accounts.ending import end_session, end_session_named, end_sessions
from muniment.accounts.errors import EmailRefusedError, EmailTakenError, WrongPasswordError
from muniment.accounts.links import ask_for_reset, ask_to_verify, check_link, make_link, set_password, verify_email
from muniment.accounts.models import AccountLink, CacheEntry, EmailChange, Session, TrustedBrowser, User, UserManager
from muniment.accounts.new_passwords import hashed
from muniment.accounts.passkeys import (
    add_passkey,
    ask_for_passkey,
    begin_passkey,
    passkeys_work,
    remove_passkey,
    rename_passkey,
)
from muniment.accounts.policies import require_create, require_own, require_own_door, require_rename
from muniment.accounts.signing_in import (
    confirm_by_provider,
    confirm_with_passkey,
    confirm_with_password,
    finish_second_step,
    finish_with_passkey,
    new_recovery_codes,
    record_sign_in_refusal,
    sign_in_by_provider,
    sign_in_person,
    sign_in_with_passkey,
)
from muniment.accounts.trusted_browsers import revoke_browser
from muniment.accounts.types import EMAIL_CHANGES_KEPT, LINKS_KEPT, NAME_LENGTH
from muniment.audit.services import introduce_new_person, record, references
from muniment.core.actors import Actor
from muniment.core.cleaning import one_line
from muniment.core.clock import now

__all__ = [
    "add_passkey",
    "ask_for_passkey",
    "ask_for_reset",
    "ask_to_change_email",
    "ask_to_verify",
    "begin_app",
    "begin_passkey",
    "change_email",
    "change_password",
    "check_link",
    "confirm_by_provider",
    "confirm_with_passkey",
    "confirm_with_password",
    "correct_user",
    "create_user",
    "disable_app",
    "email_address",
    "enable_app",
    "end_session",
    "end_session_named",
    "end_sessions",
    "finish_second_step",
    "finish_with_passkey",
    "forget_expired",
    "make_email_link",
    "make_link",
    "make_vouched_user",
    "new_recovery_codes",
    "passkeys_work",
    "record_sign_in_refusal",
    "remove_passkey",
    "rename_app",
    "rename_passkey",
    "rename_user",
    "resume_app",
    "revoke_browser",
    "set_password",
    "sign_in_by_provider",
    "sign_in_person",
    "sign_in_with_passkey",
    "sign_out_all_but",
    "sign_out_of_team",
    "store_user",
    "unsaved_user",
    "verify_email",
]


def create_user(*, actor: Actor, email: str, password: str, name: str = "") -> User:
    """Makes an account. Raises EmailRefusedError, EmailTakenError, PasswordRefusedError, PermissionDeniedError."""
    require_create(actor)
    user = unsaved_user(email=email, password=password, name=name)
    with transaction.atomic():
        store_user(user)
        record(kind=events.USER_CREATED, actor=actor, subject=user.ref, sealed={"email": user.email})
    return user


def unsaved_user(*, email: str, password: str | None, name: str = "") -> User:
    """The account as it would be stored, checked and with its password hashed: the slow part, before a transaction.
    With None it has none, and opens to a provider, a link or a passkey alone.

    For services above whose own event covers the account: they call `store_user` in their transaction.
    """
    user = User(email=UserManager.normalise(email), name=one_line(name))
    if password is None:
        user.password = UNUSABLE_PASSWORD_PREFIX + secrets.token_hex(20)  # as Django's, which draws letter by letter
    else:
        user.password = hashed(password, user)
    try:
        user.clean_fields()
    except ValidationError:
        raise EmailRefusedError("This is not an e-mail address, or the name is longer than 200 characters.") from None
    return user


def store_user(user: User) -> None:
    """Within the caller's transaction. The account key is durable before the first thing sealed under it."""
    try:
        with references.one() as user.ref, transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError:
        user.ref = ""  # it is somebody else's from here on
        raise EmailTakenError("There is an account with this e-mail address. Sign in with it.") from None
    introduce_new_person(ref=user.ref)


def make_vouched_user(*, email: str, name: str) -> User:
    """An account that nothing but a provider opens, until its person sets a password by a link to the address, for
    which the proven domain vouches. For services above whose own event covers it, within their transaction. Raises
    EmailRefusedError, EmailTakenError.
    """
    user = unsaved_user(email=email, password=None, name=name)
    user.email_verified_at = now()
    store_user(user)
    return user


def correct_user(*, actor: Actor, user: User, name: str, email: str) -> bool:
    """What a provider that vouches for the person says the person is called; whether that was something new.

    For services that have checked that it may, within their transaction. Sessions, keys and factors stay: the person is
    the same. Raises EmailRefusedError, EmailTakenError.
    """
    email, name = email_address(email), one_line(name)
    if len(name) > NAME_LENGTH:
        raise EmailRefusedError("The name is longer than {limit} characters. Shorten it.", limit=NAME_LENGTH)
    if user.name != name:
        user.name = name
        user.save(update_fields=["name"])
        note(events.USER_RENAMED, actor, user)
    elif user.email == email:
        return False
    if user.email != email:
        _move(actor, user, email)
    return True


def _move(actor: Actor, user: User, email: str) -> None:
    """What was made for the old address opens nothing any more. Its domain vouches for the new one."""
    was, user.email, user.email_verified_at = user.email, email, now()
    try:
        with transaction.atomic():
            user.save(update_fields=["email", "email_verified_at"])
    except IntegrityError:
        raise EmailTakenError("There is an account with this e-mail address already.") from None
    links_die(user)
    tell_old_address(user, was, by=actor)
    note(events.EMAIL_CHANGED, actor, user, sealed={"email": email, "email_was": was}, mailed=False)


def rename_user(
    *, actor: Actor, user: User, name: str, language: str | None = None, time_zone: str | None = None
) -> None:
    """Name, language and time zone, as far as given. What is no language or zone of ours is none chosen."""
    require_own(actor, user)
    if one_line(name) != user.name:
        require_rename(actor)
    with transaction.atomic():
        user.name = one_line(name)
        if language is not None:
            user.language = language if language in dict(settings.LANGUAGES) else ""
        if time_zone is not None:
            user.time_zone = time_zone if time_zone in available_timezones() else ""
        user.save(update_fields=["name", "language", "time_zone"])
        record(kind=events.USER_RENAMED, actor=actor, subject=user.ref)


def change_password(*, actor: Actor, user: User, current: str, new: str, keep: str | None = None) -> None:
    """Checks the current password, stores the new one and ends every session but the one with the key `keep`.

    Raises WrongPasswordError, PasswordRefusedError. Whoever holds a stolen session has lost it when this returns.
    """
    require_own_door(actor, user)
    if not user.check_password(current):
        raise WrongPasswordError("This is not your current password.")
    password = hashed(new, user)
    with transaction.atomic():
        user.password = password
        user.save(update_fields=["password"])
        links_die(user)
        factors_changed(user, keep=keep)
        note(events.PASSWORD_CHANGED, actor, user)


def sign_out_everywhere(user: User) -> int:
    """For services above whose own event covers it, within their transaction. Returns how many sessions ended."""
    return end_sessions_but(user, None)


def sign_out_of_team(*, team: str, user: User | None = None) -> int:
    """The same for the sessions that this team's provider opened, of one person or of all."""
    found = Session.objects.filter(opened_by=team)
    return (found.filter(user=user) if user else found).delete()[0]


def sign_out_all_but(*, team: str, users: Iterable[int]) -> int:
    """The same for these people's sessions that this team's provider did not open."""
    return Session.objects.filter(user__in=list(users)).exclude(opened_by=team).delete()[0]


def forget_expired() -> int:
    """Deletes sessions and trust that are over, and counts that no longer matter. Returns how many sessions."""
    CacheEntry.objects.filter(expires__lt=now()).delete()
    AccountLink.objects.filter(created_at__lt=now() - LINKS_KEPT).delete()
    EmailChange.objects.filter(created_at__lt=now() - EMAIL_CHANGES_KEPT).delete()
    TrustedBrowser.objects.filter(expires_at__lt=now()).delete()
    return Session.objects.filter(expire_date__lt=now()).delete()[0]
