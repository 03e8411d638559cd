"""Signing out at both by OpenID Connect: the browser is led to the provider with whom it is about (RP-Initiated Logout
1.0), and the provider tells this server whose session is over, without a browser (Back-Channel Logout 1.0).
"""

import secrets
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.db import transaction

from muniment.audit.services import record
from muniment.core.actors import system_in
from muniment.core.errors import TooManyRequestsError
from muniment.core.rates import Buckets
from muniment.sso import events
from muniment.sso.letting_in import require_standing, use_once
from muniment.sso.oidc.errors import LogoutTokenRefusedError, Refusal
from muniment.sso.oidc.keys import Keys
from muniment.sso.oidc.logout_token import SignedOut, check_logout_token
from muniment.sso.oidc_speaking import keep_keys, known_keys, known_provider, signed_out_url
from muniment.sso.patience import ONE, asking
from muniment.sso.types import Leading
from muniment.sso.visits import end_visits

if TYPE_CHECKING:
    from muniment.sso.models import Connection

_FETCHES_A_MINUTE = 6
_fetches = Buckets()


def asked_to_end_by_oidc(connection: "Connection", *, id_token: str) -> tuple[str, Leading] | None:
    """Where the browser goes whose session has ended here, with the `state` that comes back; None where the provider
    has no address for it. Its own session ends there when it knows whose it is: without the id token most ask first.

    By a link, for not every provider takes a form, as section 2 asks of them, and one whose own cookie stays behind
    when another site posts (SameSite=Lax) does not know who it is. Residue accepted: the id token, with name and
    address in it, stands in the history of the browser, and in the logs of the provider. Where the provider takes a
    form, its administrator has it posted instead (`signs_out_by_form`).
    """
    provider = known_provider(connection)
    if provider is None or not provider.end_session_endpoint:
        return None
    state = secrets.token_urlsafe(24)
    fields = {
        "client_id": connection.oidc.client_id,
        "post_logout_redirect_uri": signed_out_url(connection.pk),
        "state": state,
    }
    if id_token:
        fields["id_token_hint"] = id_token
    address = provider.end_session_endpoint
    if connection.oidc.signs_out_by_form:
        return state, Leading(address, fields)
    joint = "&" if "?" in address else "?"
    return state, Leading(f"{address}{joint}{urlencode(fields)}")


def sign_out_by_token(*, connection: "Connection", token: str) -> None:
    """Ends what the provider says is over. Raises LogoutTokenRefusedError, NotLetInError for one that was used before
    or a connection that is off, and what `oidc.keys.fetch_keys` raises.
    """
    said = _checked(connection, token)
    with transaction.atomic():
        require_standing(connection)
        use_once(connection, said.once, said.until)
        acting, facts = system_in(connection.team_id), {"sessions": _end(connection, said)}
        record(kind=events.SIGNED_OUT, actor=acting, subject=connection.pk, team=connection.team_id, facts=facts)


def _checked(connection: "Connection", token: str) -> SignedOut:
    """Attack stopped: whoever knows the address has this server ask the provider for its keys without end. What was
    fetched is kept also when the token is refused, and what cannot be fetched is asked for `_FETCHES_A_MINUTE` times.
    """
    oidc, provider = connection.oidc, known_provider(connection)
    if provider is None:
        raise LogoutTokenRefusedError(Refusal.KEY)
    keys = Keys(
        provider,
        actor=system_in(connection.team_id),
        known=known_keys(oidc),
        before=lambda: _count_fetch(connection),
    )
    try:
        with asking(connection.pk, ONE):
            return check_logout_token(token, provider=provider, client_id=oidc.client_id, keys=keys)
    finally:
        keep_keys(oidc, keys.known)


def _count_fetch(connection: "Connection") -> None:
    try:
        _fetches.take(connection.pk, limit=_FETCHES_A_MINUTE)
    except TooManyRequestsError:
        raise LogoutTokenRefusedError(Refusal.KEY) from None


def _end(connection: "Connection", said: SignedOut) -> int:
    """A session of which the provider did not say, when it opened it, what it calls it, may be the one: it ends with
    those of its person.
    """
    indexes = None if said.session is None else {said.session, *([""] if said.subject else [])}
    return end_visits(connection, subject=said.subject, indexes=indexes)
