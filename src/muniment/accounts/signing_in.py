"""From a proof of who somebody is to an open session. Offered by `services`; the way itself is allauth's."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, cast

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.core.internal import ratelimit
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from muniment.accounts import events
from muniment.accounts.authenticator_app import use_app_code
from muniment.accounts.changes import note
from muniment.accounts.errors import (
    ClonedPasskeyError,
    PasskeyError,
    TooManyAttemptsError,
    WrongCodeError,
    WrongPasswordError,
)
from muniment.accounts.known_browsers import known_browser
from muniment.accounts.models import AccountLink, User, UserManager
from muniment.accounts.passkeys import use_passkey
from muniment.accounts.policies import require_own, require_own_door
from muniment.accounts.recovery_codes import CODES, replace_codes, use_recovery_code
from muniment.accounts.second_step import SecondStepStage, first_method, note_step, second_method
from muniment.accounts.selectors import (
    SESSION_CONFIRMED,
    SESSION_PASSKEY,
    SESSION_PROVIDER_CONFIRMED,
    fetched_links,
    has_factor,
    team_that_sees,
)
from muniment.accounts.sessions import UNTIL
from muniment.accounts.trusted_browsers import trust_browser
from muniment.accounts.types import OPENED_BY, LinkPurpose, SecondStep, SignInMethod
from muniment.audit.services import record
from muniment.core.actors import SYSTEM, Actor, ActorKind
from muniment.core.clock import now
from muniment.core.errors import NotFoundError

_LIMITS = {"second_step": "10/10m/key,60/1d/key", "confirm": "10/10m/key"}


def sign_in_person(*, request: HttpRequest, user: User, method: SignInMethod, after: str) -> HttpResponseBase:
    """The first step is made: opens a session for `user` and leads on to `after`, an address on this server; or asks
    for the second step first.

    Way and stages are allauth's (`adapter.AccountAdapter.get_login_stages`), the same for every door.
    """
    with transaction.atomic():
        record_authentication(request, user, method=method.value)
        login = Login(user=user, email=user.email, redirect_url=after)
        return cast("HttpResponseBase", perform_login(request, login))


def sign_in_by_provider(
    *, request: HttpRequest, user: User, team: str, until: datetime | None, confirmed: bool, after: str
) -> HttpResponseBase:
    """Opens a session that opens this team alone, whose identity provider said who it is; `until`: when the provider
    wants it to end; `confirmed`: it asked the person just now. Second factors are the provider's to ask for.

    Attack stopped: who runs the provider of one team comes as one of its people into that person's other teams. What
    opened the session is in it, and beside it in its row, from the moment anybody sees it: the caller, in whose
    transaction this is, saves it.
    """
    request.session[OPENED_BY] = team  # for the event: it is this team's to see
    response = sign_in_person(request=request, user=user, method=SignInMethod.PROVIDER, after=after)
    request.session[OPENED_BY] = team
    if until is not None:
        request.session[UNTIL] = until.isoformat()
    if confirmed:
        request.session[SESSION_PROVIDER_CONFIRMED] = now().isoformat()
    return response


def confirm_by_provider(*, actor: Actor, user: User, request: HttpRequest) -> None:
    """The provider that opened this session said anew who it is: dangerous acts in its team are open for
    `CONFIRMED_FOR`. Those on the account are not: a provider never changes what the person set.
    """
    require_own(actor, user)
    with transaction.atomic():
        note(events.CONFIRMED, actor, user, method=SignInMethod.PROVIDER)
    request.session[SESSION_PROVIDER_CONFIRMED] = now().isoformat()


def sign_in_with_passkey(
    *, request: HttpRequest, state: Mapping[str, Any], answer: str, after: str
) -> HttpResponseBase:
    """Opens the session of whose passkey was shown. The person was verified by it: no second step. PasskeyError."""
    with _refusals_noted(request, email=""), transaction.atomic():
        user = use_passkey(state=state, answer=answer, user=None)
        return sign_in_person(request=request, user=user, method=SignInMethod.PASSKEY, after=after)


def finish_with_passkey(
    *, request: HttpRequest, stage: SecondStepStage, state: Mapping[str, Any], answer: str, trust: bool = False
) -> HttpResponseBase:
    """The second step, made with one of the person's passkeys. Raises PasskeyError, TooManyAttemptsError."""
    user = stage.login.user
    count_attempt(request, user, action="second_step")
    with _refusals_noted(request, email=user.email), transaction.atomic():
        use_passkey(state=state, answer=answer, user=user)
        return open_after(request=request, stage=stage, step=SecondStep.PASSKEY, trust=trust)


def finish_second_step(
    *, request: HttpRequest, stage: SecondStepStage, code: str, trust: bool = False
) -> HttpResponseBase:
    """Opens the session, when `code` is one of the app's or a recovery code. Raises WrongCodeError,
    TooManyAttemptsError.

    Attack stopped: who has the password tries codes. Each try counts, in all processes together; those from a browser
    the person was signed in with count apart, so that an attack keeps nobody out of it.
    """
    user = stage.login.user
    count_attempt(request, user, action="second_step")
    with transaction.atomic():
        step = _used(user, code)
        if step is not None:
            return open_after(request=request, stage=stage, step=step, trust=trust)
    record_sign_in_refusal(email=user.email, address=_address(request), reason=events.SignInRefusal.SECOND_STEP)
    raise WrongCodeError("This code does not work. Type the one the app shows now; each works once.")


def open_after(
    *, request: HttpRequest, stage: SecondStepStage, step: SecondStep, trust: bool = False
) -> HttpResponseBase:
    """Within the caller's transaction: the second step is made."""
    user = stage.login.user
    note_step(request, user, step)
    response = cast("HttpResponseBase", stage.exit())
    if trust:
        trust_browser(actor=_actor(user), user=user, request=request, response=response)
    return response


def record_sign_in(request: HttpRequest, user: User) -> None:
    """The event of a session that is being opened. Session and event are made together or not at all."""
    with transaction.atomic():
        method, second = first_method(request, user), second_method(request, user)
        record(
            kind=events.SIGNED_IN,
            actor=_actor(user),
            subject=user.ref,
            team=request.session.get(OPENED_BY) or team_that_sees(user.pk),
            facts={"method": method, "second": second},
            sealed={"address": _address(request), "email": user.email},
        )
    request.session[SESSION_PASSKEY] = method == SignInMethod.PASSKEY or second == SecondStep.PASSKEY


def tell_of_links(request: HttpRequest, user: User) -> None:
    """Says at the next sign-in who fetched a recovery link for this account. The page Security says it for 90 days."""
    untold = AccountLink.objects.filter(user=user, purpose=LinkPurpose.RECOVERY, told_at=None)
    if untold.update(told_at=now()):
        latest = fetched_links(_actor(user), user=user)[0]
        by = latest.by or _("the operator of this server")
        said = _(
            "A recovery link for your account was fetched by %(by)s on %(when)s. You did not ask for it? Tell them."
        )
        messages.warning(request, said % {"by": by, "when": date_format(localtime(latest.at), "DATETIME_FORMAT")})


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


def confirm_with_password(*, actor: Actor, user: User, request: HttpRequest, password: str) -> None:
    """Dangerous acts are open for `CONFIRMED_FOR` in this session. Raises WrongPasswordError, TooManyAttemptsError.

    Attack stopped: whoever sits down at an open browser, or holds a stolen session, changes how its owner signs in.
    """
    require_own_door(actor, user)
    count_attempt(request, user, action="confirm")
    if not user.check_password(password):
        record_sign_in_refusal(email=user.email, address=_address(request), reason=events.SignInRefusal.CREDENTIALS)
        raise WrongPasswordError("This is not your password.")
    _mark_confirmed(actor, user, request, SignInMethod.PASSWORD)


def confirm_with_passkey(
    *, actor: Actor, user: User, request: HttpRequest, state: Mapping[str, Any], answer: str
) -> None:
    """The same with a passkey. Raises PasskeyError, TooManyAttemptsError."""
    require_own_door(actor, user)
    count_attempt(request, user, action="confirm")
    with _refusals_noted(request, email=user.email), transaction.atomic():
        use_passkey(state=state, answer=answer, user=user)
        _mark_confirmed(actor, user, request, SignInMethod.PASSKEY)
    request.session[SESSION_PASSKEY] = True


def _mark_confirmed(actor: Actor, user: User, request: HttpRequest, method: SignInMethod) -> None:
    with transaction.atomic():
        note(events.CONFIRMED, actor, user, method=method)
    request.session[SESSION_CONFIRMED] = now().isoformat()


@contextmanager
def _refusals_noted(request: HttpRequest, *, email: str) -> Iterator[None]:
    """A refused passkey is an event, outside the transaction that it undoes."""
    try:
        yield
    except ClonedPasskeyError as error:
        record_sign_in_refusal(email=error.email, address=_address(request), reason=events.SignInRefusal.CLONED_KEY)
        raise
    except PasskeyError:
        record_sign_in_refusal(email=email, address=_address(request), reason=events.SignInRefusal.PASSKEY)
        raise


def new_recovery_codes(*, actor: Actor, user: User) -> list[str]:
    """Fresh codes; those from before are void. NotFoundError where there is no factor that they could stand in for."""
    require_own_door(actor, user)
    with transaction.atomic():
        if not has_factor(user):
            raise NotFoundError("There are no recovery codes without two-factor authentication.")
        codes = replace_codes(user)
        note(events.CODES_MADE, actor, user, codes=CODES)
    return codes


def count_attempt(request: HttpRequest, user: User, *, action: str) -> None:
    key = f"{user.ref} {known_browser(request, email=user.email) or ''}"
    if not ratelimit.consume(request, app="muniment.accounts", action=action, config=_LIMITS, key=key):
        record_sign_in_refusal(email=user.email, address=_address(request), reason=events.SignInRefusal.RATE)
        raise TooManyAttemptsError("Too many attempts. Wait ten minutes, then try again.")


def _used(user: User, typed: str) -> SecondStep | None:
    """Uses the code up. An app's has six digits, a recovery code is longer."""
    if len("".join(typed.split())) <= 6:
        return SecondStep.APP if use_app_code(user, typed) else None
    return SecondStep.RECOVERY_CODE if use_recovery_code(user, typed) else None


def _actor(user: User) -> Actor:
    return Actor(kind=ActorKind.PERSON, ref=user.ref, user=user.pk)


def _address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))
