"""The second step of a sign-in, as a stage of allauth's: whichever way the first was made, this one comes before the
session is opened. Until then the session belongs to nobody.

Attack stopped: somebody with the password alone goes to a page by its address instead of typing a code. There is no
signed-in session to go there with.
"""

import hmac
from typing import TYPE_CHECKING, Any

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.internal.stagekit import clear_login
from allauth.account.stages import LoginStage, LoginStageController
from django.shortcuts import redirect

from muniment.accounts.selectors import has_factor
from muniment.accounts.trusted_browsers import is_trusted
from muniment.accounts.types import SecondStep, SignInMethod

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from muniment.accounts.models import User

_PROOF = "proof"


class SecondStepStage(LoginStage):  # type: ignore[misc]
    """Asks for an app's code, a recovery code or a passkey, where the person has one and did not trust this browser."""

    key = "second_step"
    urlname = "accounts:second_step"

    def handle(self) -> tuple["HttpResponseBase | None", bool]:
        user = self.login.user
        first = first_method(self.request, user)
        if first in {SignInMethod.PASSKEY, SignInMethod.PROVIDER} or not has_factor(user):
            return None, True
        if is_trusted(self.request, user):
            note_step(self.request, user, SecondStep.TRUSTED_BROWSER)
            return None, True
        self.state[_PROOF] = user.get_session_auth_hash()
        self.request.session.cycle_key()  # a key planted before the first step does not see the second
        return redirect(self.urlname), True


def pending_step(request: "HttpRequest") -> SecondStepStage | None:
    """The second step this session waits for; None when there is none, or the password was changed meanwhile."""
    stage = LoginStageController.enter(request, SecondStepStage.key)
    if not isinstance(stage, SecondStepStage):
        return None
    user = stage.login.user
    fresh = user is not None and user.is_active
    if not fresh or not hmac.compare_digest(str(stage.state.get(_PROOF, "")), user.get_session_auth_hash()):
        clear_login(request)
        return None
    return stage


def note_step(request: "HttpRequest", user: "User", step: SecondStep) -> None:
    record_authentication(request, user, method="mfa", type=step.value)


def first_method(request: "HttpRequest", user: "User") -> SignInMethod:
    """How the first step of this sign-in was made."""
    methods = [record["method"] for record in _records(request, user) if record["method"] != "mfa"]
    return SignInMethod(methods[-1]) if methods else SignInMethod.PASSWORD


def second_method(request: "HttpRequest", user: "User") -> SecondStep:
    steps = [record["type"] for record in _records(request, user) if record["method"] == "mfa"]
    return SecondStep(steps[-1]) if steps else SecondStep.NONE


def _records(request: "HttpRequest", user: "User") -> list[dict[str, Any]]:
    return list(get_authentication_records(request, user))
