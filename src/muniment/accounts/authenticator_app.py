"""The app on a phone that makes codes: set up, renamed, given up, and its codes checked. Offered by `services`."""

import base64
import binascii
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from muniment.accounts import events, totp
from muniment.accounts.changes import factors_changed, keep_demanded, note
from muniment.accounts.errors import EnrolmentError, WrongCodeError
from muniment.accounts.models import AuthenticatorApp
from muniment.accounts.policies import require_own_door
from muniment.accounts.recovery_codes import replace_codes
from muniment.accounts.selectors import has_factor
from muniment.accounts.types import LONGEST_NAME, Enrolment, Factor
from muniment.core.actors import Actor
from muniment.core.cleaning import one_line
from muniment.core.clock import now
from muniment.core.errors import NotFoundError
from muniment.crypto.errors import SealError
from muniment.crypto.personal import open_personal, seal_personal

if TYPE_CHECKING:
    from muniment.accounts.models import User

ISSUER = "Muniment"
_TABLE = "accounts_authenticatorapp"


def begin_app(*, actor: Actor, user: "User") -> Enrolment:
    """A fresh seed for the person's app. It is nowhere in clear but in what is returned; nothing is stored."""
    require_own_door(actor, user)
    seed = totp.new_seed()
    return _enrolment(user, seed, seal_personal(seed, person=user.ref, table=_TABLE, purpose="enrolling"))


def resume_app(*, actor: Actor, user: "User", sealed: str) -> Enrolment:
    """The same once more, from what the session kept. Raises EnrolmentError for anything else."""
    require_own_door(actor, user)
    seed = _enrolling(user, sealed)
    return Enrolment(sealed, totp.manual_key(seed), _picture(user, seed))


def enable_app(
    *, actor: Actor, user: "User", sealed: str, name: str, code: str, keep: str | None = None
) -> list[str] | None:
    """From now on the app's codes are asked for. Returns recovery codes where there were none.

    Raises WrongCodeError, EnrolmentError. Ends every session but the one with the key `keep`. Attack stopped: the code
    typed here, read over a shoulder, opens the account a minute later; it counts as used.
    """
    require_own_door(actor, user)
    seed = _enrolling(user, sealed)
    step = totp.matching_counter(seed, code, now())
    if step is None:
        raise WrongCodeError("This is not the code the app shows now. Wait for the next one, then type that.")
    kept = seal_personal(seed, person=user.ref, table=_TABLE, purpose="seed")
    try:
        with transaction.atomic():
            codes = None if has_factor(user) else replace_codes(user)
            AuthenticatorApp.objects.create(user=user, name=_name(name), seed=kept, last_counter=step)
            factors_changed(user, keep=keep)
            note(events.FACTOR_ADDED, actor, user, factor=Factor.APP, codes=len(codes or []))
    except IntegrityError:
        raise EnrolmentError("Two-factor authentication is on already.") from None
    return codes


def rename_app(*, actor: Actor, user: "User", name: str) -> None:
    require_own_door(actor, user)
    with transaction.atomic():
        if not AuthenticatorApp.objects.filter(user=user).update(name=_name(name)):
            raise NotFoundError("There is no authenticator app. Set one up first.")
        note(events.FACTOR_RENAMED, actor, user, factor=Factor.APP)


def disable_app(*, actor: Actor, user: "User", keep: str | None = None) -> None:
    """Codes are asked for no more. Ends every session but the one with the key `keep`.

    NotFoundError where there is none, FactorNeededError where a team demands it.
    """
    require_own_door(actor, user)
    with transaction.atomic():
        deleted, _ = AuthenticatorApp.objects.filter(user=user).delete()
        if not deleted:
            raise NotFoundError("There is no authenticator app.")
        keep_demanded(user)
        factors_changed(user, keep=keep)
        note(events.FACTOR_REMOVED, actor, user, factor=Factor.APP)


def use_app_code(user: "User", typed: str) -> bool:
    """Whether the person's app shows this code now. It, and every earlier one, is accepted never again.

    Attack stopped: a code read over a shoulder or out of a forged page is used a second time, a step later, in another
    process, or both at once. The last step stands in the row, and of two updates one finds it unpassed. allauth keeps
    used codes in a cache for 30 seconds instead: docs/decisions/0021-second-factors.md.
    """
    app = AuthenticatorApp.objects.filter(user=user).first()
    if app is None:
        return False
    seed = open_personal(bytes(app.seed), person=user.ref, table=_TABLE, purpose="seed")
    step = totp.matching_counter(seed, typed, now(), after=app.last_counter)
    if step is None:
        return False
    unpassed = AuthenticatorApp.objects.filter(pk=app.pk, last_counter__lt=step)
    return unpassed.update(last_counter=step, used_at=now()) == 1


def _enrolment(user: "User", seed: bytes, sealed: bytes) -> Enrolment:
    return Enrolment(base64.b64encode(sealed).decode(), totp.manual_key(seed), _picture(user, seed))


def _picture(user: "User", seed: bytes) -> str:
    return totp.picture(totp.enrolment_address(seed, account=user.email, issuer=ISSUER))


def _enrolling(user: "User", sealed: str) -> bytes:
    try:
        raw = base64.b64decode(sealed, validate=True)
        return open_personal(raw, person=user.ref, table=_TABLE, purpose="enrolling")
    except (binascii.Error, ValueError, SealError):
        raise EnrolmentError("There is no app being set up. Begin anew.") from None


def _name(typed: str) -> str:
    return one_line(typed)[:LONGEST_NAME] or ISSUER
