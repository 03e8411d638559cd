"""How allauth is to behave here (`ACCOUNT_ADAPTER`): sign-in alone, closed, and silent about who exists."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase

from muniment.accounts.events import SignInRefusal
from muniment.accounts.known_browsers import known_browser, remember_browser
from muniment.accounts.models import User, UserManager
from muniment.accounts.signing_in import record_sign_in, record_sign_in_refusal, tell_of_links


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        return False

    def add_message(self, *args: Any, **named: Any) -> None:
        """No remarks of allauth's: they would name the person by the audit reference."""

    def get_login_stages(self) -> list[str]:
        return ["muniment.accounts.second_step.SecondStepStage"]

    def login(self, request: HttpRequest, user: User) -> None:
        """By whatever door somebody comes, this opens the session: with a new key, and with the event of it.

        Attack stopped: a key planted in the browser before the sign-in opens it after (session fixation).
        """
        record_sign_in(request, user)
        super().login(request, user)

    def post_login(self, request: HttpRequest, user: User, **told: Any) -> HttpResponseBase:
        response: HttpResponseBase = super().post_login(request, user, **told)
        remember_browser(request, response, user)
        tell_of_links(request, user)
        return response

    def get_client_ip(self, request: HttpRequest) -> str:
        """The peer; behind the declared proxy, what that proxy says (`console.middleware.TrustedProxy`)."""
        return str(request.META.get("REMOTE_ADDR", ""))

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """The user whose password this is, or None; ValidationError when the limit of attempts is reached.

        As allauth's, but a suspended person gets the answer of an unknown one: allauth would say "inactive", and so
        confirm both the account and its password.
        """
        try:
            self.pre_authenticate(request, **credentials)
        except ValidationError:
            self._refused(request, credentials, SignInRefusal.RATE)
            raise
        user = authenticate(request, **credentials)
        if isinstance(user, User):
            self._rollback_login_failed_rl_usage()
            return user
        self._refused(request, credentials, SignInRefusal.CREDENTIALS)
        return None

    def _refused(self, request: HttpRequest, credentials: dict[str, Any], reason: SignInRefusal) -> None:
        email = str(credentials.get("email", ""))
        record_sign_in_refusal(email=email, address=self.get_client_ip(request), reason=reason)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Counts attempts by account; those of a browser the person was signed in with, apart (`known_browsers`).

        allauth's own key holds the Host header, whose port anybody may vary: each port would have had its own count.
        """
        email = UserManager.normalise(str(credentials.get("email", "")))
        return f"{email} {known_browser(request, email=email) or ''}"
