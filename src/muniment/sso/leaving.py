"""Signing out at both: from here at the provider, and from there here (SAML core 3.7, profiles 4.4).

What OpenID Connect has for it is in `leaving_by_oidc`.

Attack stopped: anybody's browser is led to our address for sign-outs with a message that names anybody, and whoever
sits there is signed out. A message counts when its provider signed it, for our address, now, once; and what ends are
sessions which that provider opened, for the person it names.
"""

from typing import TYPE_CHECKING

from django.db import transaction

from muniment.audit.services import record
from muniment.core.actors import system_in
from muniment.core.clock import now
from muniment.sso import events
from muniment.sso.leaving_by_oidc import asked_to_end_by_oidc
from muniment.sso.letting_in import SESSION_CONNECTION, SESSION_VISIT, use_once
from muniment.sso.models import Connection
from muniment.sso.saml.logout import (
    logout_by_form,
    logout_by_redirect,
    logout_request,
    logout_response,
    read_logout_request,
    read_logout_response,
)
from muniment.sso.saml.types import ByPost, ByRedirect, Form, LogoutExpected
from muniment.sso.saml_speaking import entity_id, our_key, sls_url
from muniment.sso.types import Leading, Protocol
from muniment.sso.visits import end_visits

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

SESSION_LEAVING = "sso_leaving"
"""In a session: the id of our own request to sign out, or its `state`, by connection, until its answer comes."""


def sign_out_there(session: "Mapping[str, Any]") -> tuple[Connection, str, Leading] | None:
    """Where a browser goes whose session ends here, so that it ends at the provider too, with the id of the request;
    None where it cannot.
    """
    connection = (
        Connection.objects.filter(pk=session.get(SESSION_CONNECTION, "")).select_related("saml", "oidc").first()
    )
    visit = session.get(SESSION_VISIT)
    asked = asked_to_end(connection, visit) if connection is not None and visit else None
    return (connection, *asked) if connection is not None and asked is not None else None


def asked_to_end(connection: Connection, visit: "Mapping[str, Any]") -> tuple[str, Leading] | None:
    """The same of a visit as it is kept: `name_id`, its `format`, `index`, `id_token`."""
    if connection.protocol == Protocol.OIDC:
        return asked_to_end_by_oidc(connection, id_token=visit.get("id_token", ""))
    saml = connection.saml
    destination = saml.slo_redirect or saml.slo_post
    if not destination:
        return None
    message = logout_request(
        entity_id=entity_id(connection.pk),
        destination=destination,
        name_id=visit["name_id"],
        name_id_format=visit["format"],
        session_index=visit["index"],
        now=now(),
    )
    speak = logout_by_redirect if saml.slo_redirect else logout_by_form
    sent = speak(message, key=our_key(connection))
    return sent.id, Leading(sent.address, sent.fields if isinstance(sent, Form) else {})


def sign_out_here(*, connection: Connection, received: ByRedirect | ByPost) -> Leading | None:
    """Ends what the provider asks to end, and says where the browser takes the answer; None where the provider names
    no address for it. Raises LogoutRefusedError, NotLetInError for one that was used before.
    """
    asked = read_logout_request(received, expected=_expected(connection), now=now())
    with transaction.atomic():
        use_once(connection, asked.id, asked.valid_until)
        ended = end_visits(connection, subject=asked.name_id, indexes=asked.session_indexes or None)
        acting, facts = system_in(connection.team_id), {"sessions": ended}
        record(kind=events.SIGNED_OUT, actor=acting, subject=connection.pk, team=connection.team_id, facts=facts)
    saml = connection.saml
    redirect = saml.slo_response_redirect or saml.slo_redirect
    destination = redirect or saml.slo_response_post or saml.slo_post
    if not destination:
        return None
    message = logout_response(
        entity_id=entity_id(connection.pk), destination=destination, request_id=asked.id, done=True, now=now()
    )
    speak = logout_by_redirect if redirect else logout_by_form
    sent = speak(message, key=our_key(connection), relay_state=asked.relay_state)
    return Leading(sent.address, sent.fields if isinstance(sent, Form) else {})


def hear_answer(*, connection: Connection, received: ByRedirect | ByPost, request_id: str) -> bool:
    """The provider answers our own request: whether it ended everything there. Raises LogoutRefusedError."""
    answer = read_logout_response(received, expected=_expected(connection), request_id=request_id, now=now())
    return answer.complete


def _expected(connection: Connection) -> LogoutExpected:
    saml = connection.saml
    return LogoutExpected(sls_url(connection.pk), saml.entity_id, tuple(saml.certificates))
