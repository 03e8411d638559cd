"""Single sign-out (core 3.7, profiles 4.4): requests and answers, both ways, always signed.

Attack stopped: anybody signs anybody out by a link. A message is believed only with the provider's signature, for our
address, of these minutes; whose sessions it ends, is compared by the caller with those that the provider opened.
"""

from datetime import datetime, timedelta

from lxml import etree

from muniment.sso.saml.assertion import refuse_other_issuer
from muniment.sso.saml.bindings import REQUEST, RESPONSE, posted, redirected
from muniment.sso.saml.errors import LogoutRefusedError, Refusal, SamlError, refusing_as
from muniment.sso.saml.messages import by_form, by_redirect, new_message
from muniment.sso.saml.parsing import SAML, SAMLP, parse_message, text_of
from muniment.sso.saml.signatures import refuse_stray_signatures, verify
from muniment.sso.saml.times import SKEW, optional_time, read_time, refuse_future, refuse_past, write_time
from muniment.sso.saml.types import (
    UNSPECIFIED,
    ByPost,
    ByRedirect,
    Form,
    LogoutAnswered,
    LogoutExpected,
    LogoutRequested,
    OurKey,
    Redirect,
)

_LIFETIME = timedelta(minutes=5)
"""From IssueInstant; a browser carries the message at once, or through a few other services that sign out first."""

_STATUS = "urn:oasis:names:tc:SAML:2.0:status:"
_SUCCESS, _RESPONDER, _PARTIAL = f"{_STATUS}Success", f"{_STATUS}Responder", f"{_STATUS}PartialLogout"


@refusing_as(LogoutRefusedError)
def read_logout_request(received: ByRedirect | ByPost, *, expected: LogoutExpected, now: datetime) -> LogoutRequested:
    """Raises LogoutRefusedError. That `id` was not used before is the caller's to check."""
    root, relay_state = _verified(received, REQUEST, "LogoutRequest", expected, now)
    ends = optional_time(root.get("NotOnOrAfter"))
    refuse_past(ends, now)
    name_id = root.find(f"{SAML}NameID")
    if name_id is None or not text_of(name_id):
        raise SamlError(Refusal.NAME_ID)
    last = read_time(root.get("IssueInstant", "")) + _LIFETIME
    return LogoutRequested(
        id=root.get("ID", ""),
        name_id=text_of(name_id),
        name_id_format=name_id.get("Format", UNSPECIFIED),
        session_indexes=tuple(text_of(index) for index in root.iterfind(f"{SAMLP}SessionIndex")),
        valid_until=min(last, ends or last) + SKEW,
        relay_state=relay_state,
    )


@refusing_as(LogoutRefusedError)
def read_logout_response(
    received: ByRedirect | ByPost, *, expected: LogoutExpected, request_id: str, now: datetime
) -> LogoutAnswered:
    """`request_id`: of the request that this browser was sent away with. Raises LogoutRefusedError."""
    root, relay_state = _verified(received, RESPONSE, "LogoutResponse", expected, now)
    if not request_id or root.get("InResponseTo") != request_id:
        raise SamlError(Refusal.REQUEST)
    codes = [code.get("Value") for code in root.iterfind(f"{SAMLP}Status//{SAMLP}StatusCode")]
    complete = codes[:1] == [_SUCCESS] and _PARTIAL not in codes
    return LogoutAnswered(root.get("ID", ""), complete=complete, relay_state=relay_state)


def logout_request(
    *, entity_id: str, destination: str, name_id: str, name_id_format: str, session_index: str, now: datetime
) -> etree._Element:
    """Our request to end one session at the provider; give it to `logout_by_redirect` or `logout_by_form`."""
    message = new_message("LogoutRequest", issuer=entity_id, destination=destination, now=now)
    message.set("NotOnOrAfter", write_time(now + _LIFETIME))
    etree.SubElement(message, f"{SAML}NameID", Format=name_id_format).text = name_id
    if session_index:
        etree.SubElement(message, f"{SAMLP}SessionIndex").text = session_index
    return message


def logout_response(*, entity_id: str, destination: str, request_id: str, done: bool, now: datetime) -> etree._Element:
    """Our answer to the provider's request; `done`: the sessions it named are ended."""
    message = new_message("LogoutResponse", issuer=entity_id, destination=destination, now=now)
    message.set("InResponseTo", request_id)
    status = etree.SubElement(message, f"{SAMLP}Status")
    etree.SubElement(status, f"{SAMLP}StatusCode", Value=_SUCCESS if done else _RESPONDER)
    return message


def logout_by_redirect(message: etree._Element, *, key: OurKey, relay_state: str = "") -> Redirect:
    return by_redirect(message, field=_field_of(message), key=key, relay_state=relay_state)


def logout_by_form(message: etree._Element, *, key: OurKey, relay_state: str = "") -> Form:
    return by_form(message, field=_field_of(message), key=key, relay_state=relay_state)


def _field_of(message: etree._Element) -> str:
    return REQUEST if message.tag == f"{SAMLP}LogoutRequest" else RESPONSE


def _verified(
    received: ByRedirect | ByPost, field: str, kind: str, expected: LogoutExpected, now: datetime
) -> tuple[etree._Element, str]:
    """The root of a message of this kind, that the provider signed for us a moment ago, and the signed relay state."""
    relay_state = ""
    if isinstance(received, ByRedirect):
        data, relay_state = redirected(received.query, field, expected.certificates)
        root = parse_message(data)
        refuse_stray_signatures(root, ())  # bindings 3.4.4.1: the query is signed, the message in it is not
    else:
        root = parse_message(posted(received.message))
        refuse_stray_signatures(root, (root,))
        verify(root, expected.certificates)
    if root.tag != f"{SAMLP}{kind}" or root.get("Version") != "2.0":
        raise SamlError(Refusal.SHAPE)
    refuse_other_issuer(root, expected.provider)
    if root.get("Destination") != expected.destination:  # attack stopped: another service's message, passed on to us
        raise SamlError(Refusal.DESTINATION)
    issued = read_time(root.get("IssueInstant", ""))
    refuse_future(issued, now)
    refuse_past(issued + _LIFETIME, now)
    return root, relay_state
