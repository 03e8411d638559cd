"""Attacker: Mallory, with assertions that the provider did sign: her own, one that she caught, one for another service,
an old one. Move: she hands them in here, in her own sign-in or somebody else's. Guarantee: an assertion is good for us
alone, at our address, in answer to the request of the browser that brings it, in the minutes that it names.
"""

from datetime import timedelta
from typing import Any

import pytest
from lxml import etree

from muniment.sso.saml import parsing
from muniment.sso.saml.errors import AssertionRefusedError, Refusal
from muniment.sso.saml.parsing import SAML
from muniment.sso.saml.response import read_response
from tests.sso.provider import (
    ACS,
    BEARER,
    NOW,
    OURS,
    REQUEST,
    SUCCESS,
    Answer,
    Provider,
    assertion_in,
    element,
    encoded,
    expected,
)

PROVIDER = Provider()


def reason_of(field: str, *, seconds: float = 0, **changes: Any) -> Refusal | None:
    """None: somebody is signed in."""
    try:
        read_response(field, expected=expected(**changes), now=NOW + timedelta(seconds=seconds))
    except AssertionRefusedError as error:
        return error.reason
    return None


ASTRAY: list[tuple[dict[str, Any], Refusal]] = [
    ({"audience": None}, Refusal.AUDIENCE),
    ({"audience": "https://other.example/metadata"}, Refusal.AUDIENCE),
    ({"audience": OURS + "/"}, Refusal.AUDIENCE),
    ({"audience": OURS[:-1]}, Refusal.AUDIENCE),
    ({"audience": OURS.upper()}, Refusal.AUDIENCE),
    ({"recipient": None}, Refusal.RECIPIENT),
    ({"recipient": ""}, Refusal.RECIPIENT),
    ({"recipient": "https://other.example/acs"}, Refusal.RECIPIENT),
    ({"recipient": f"https://other.example/?{ACS}"}, Refusal.RECIPIENT),
    ({"recipient": ACS + "/more"}, Refusal.RECIPIENT),
    ({"recipient": ACS[:-1]}, Refusal.RECIPIENT),
    ({"destination": ""}, Refusal.DESTINATION),
    ({"destination": "https://other.example/acs"}, Refusal.DESTINATION),
    ({"destination": ACS + "/more"}, Refusal.DESTINATION),
    ({"destination": f"https://other.example/?{ACS}"}, Refusal.DESTINATION),
    ({"destination": ACS[:-1]}, Refusal.DESTINATION),
    ({"response_request": None}, Refusal.REQUEST),
    ({"response_request": "_of-another-browser"}, Refusal.REQUEST),
    ({"response_request": ""}, Refusal.SHAPE),
    ({"confirmed_request": None}, Refusal.REQUEST),
    ({"confirmed_request": "_of-another-browser"}, Refusal.REQUEST),
    ({"response_request": "_of-another-browser", "confirmed_request": "_of-another-browser"}, Refusal.REQUEST),
    ({"response_request": None, "confirmed_request": None}, Refusal.REQUEST),
    ({"method": BEARER.replace("bearer", "sender-vouches")}, Refusal.CONFIRMATION),
    ({"method": BEARER.replace("bearer", "holder-of-key")}, Refusal.CONFIRMATION),
    ({"issuer": "https://idp.mallory.example"}, Refusal.ISSUER),
    ({"response_issuer": "https://idp.mallory.example"}, Refusal.ISSUER),
    ({"response_issuer": None}, Refusal.ISSUER),
    ({"status": SUCCESS.replace("Success", "Responder")}, Refusal.STATUS),
    ({"status": "Success"}, Refusal.STATUS),
    ({"not_on_or_after": -60}, Refusal.EXPIRED),
    ({"not_before": 61}, Refusal.NOT_YET_VALID),
    ({"confirmed_until": -60}, Refusal.EXPIRED),
    ({"confirmed_until": None}, Refusal.CONFIRMATION),
    ({"session_until": -60}, Refusal.EXPIRED),
    ({"authn_instant": 61}, Refusal.NOT_YET_VALID),
    ({"issued": 61}, Refusal.NOT_YET_VALID),
    ({"name_id": None}, Refusal.NAME_ID),
    ({"name_id": " "}, Refusal.NAME_ID),
]


@pytest.mark.parametrize("signed", [("assertion",), ("assertion", "response")])
@pytest.mark.parametrize(("changes", "reason"), ASTRAY, ids=[str(changes) for changes, _ in ASTRAY])
def test_signed_but_not_for_here_and_now(changes: dict[str, Any], reason: Refusal, signed: tuple[str, ...]) -> None:
    assert reason_of(PROVIDER.response(Answer(), signed=signed)) is None
    assert reason_of(PROVIDER.response(Answer(**changes), signed=signed)) is reason


def test_an_envelope_from_the_future() -> None:
    root = PROVIDER.response_element()
    PROVIDER.sign(assertion_in(root))
    root.set("IssueInstant", Answer().at(60))
    assert reason_of(encoded(root)) is None
    root.set("IssueInstant", Answer().at(61))
    assert reason_of(encoded(root)) is Refusal.NOT_YET_VALID


def test_the_same_later() -> None:
    field = PROVIDER.response()
    assert reason_of(field, seconds=359) is None
    assert reason_of(field, seconds=360) is Refusal.EXPIRED
    found = read_response(field, expected=expected(), now=NOW)
    assert found.valid_until == NOW + timedelta(seconds=360)  # it is remembered for as long as it is good


def test_an_end_of_the_conditions_is_not_asked_for_where_the_confirmation_has_one() -> None:
    field = PROVIDER.response(Answer(not_before=None, not_on_or_after=None))
    assert reason_of(field) is None
    assert reason_of(field, seconds=360) is Refusal.EXPIRED


def test_a_signed_envelope_says_where_it_goes() -> None:
    astray = Answer(destination=None)
    assert reason_of(PROVIDER.response(astray, signed=("response",))) is Refusal.DESTINATION
    assert reason_of(PROVIDER.response(astray, signed=("assertion",))) is None  # the recipient inside is what counts


def test_every_audience_restriction_holds_us() -> None:
    root = PROVIDER.response_element()
    conditions = assertion_in(root).find(f"{SAML}Conditions")
    assert conditions is not None
    other = element(conditions, f"{SAML}AudienceRestriction")
    element(other, f"{SAML}Audience", "https://other.example")
    PROVIDER.sign(assertion_in(root))
    assert reason_of(encoded(root)) is Refusal.AUDIENCE
    root = PROVIDER.response_element()
    element(next(root.iter(f"{SAML}AudienceRestriction")), f"{SAML}Audience", "https://other.example")
    PROVIDER.sign(assertion_in(root))
    assert reason_of(encoded(root)) is None  # one of several in one restriction is enough (core, 2.5.1.4)


def test_no_conditions_and_conditions_nobody_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    root = PROVIDER.response_element()
    conditions = assertion_in(root).find(f"{SAML}Conditions")
    assert conditions is not None
    assertion_in(root).remove(conditions)
    PROVIDER.sign(assertion_in(root))
    assert reason_of(encoded(root)) is Refusal.AUDIENCE
    monkeypatch.setattr(parsing, "_protocol_schema", lambda: etree.XMLSchema(etree.fromstring(_ANYTHING)))
    root = PROVIDER.response_element()
    conditions = assertion_in(root).find(f"{SAML}Conditions")
    assert conditions is not None
    element(conditions, f"{SAML}Condition")
    PROVIDER.sign(assertion_in(root))
    assert reason_of(encoded(root)) is Refusal.CONDITIONS


_ANYTHING = b"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="urn:oasis:names:tc:SAML:2.0:protocol"
targetNamespace="urn:oasis:names:tc:SAML:2.0:protocol"><xs:element name="Response"/></xs:schema>"""


@pytest.mark.parametrize("confirmed", [None, "_request-of-the-victim"])
def test_a_victims_assertion_in_the_attackers_own_response(confirmed: str | None) -> None:
    """Assertion injection: only the assertion is signed, so that the envelope is hers to write."""
    caught = Answer(name_id="anna@acme.example", confirmed_request=confirmed, response_request=REQUEST)
    assert reason_of(PROVIDER.response(caught)) is Refusal.REQUEST


def test_where_the_provider_may_begin_an_answer_to_a_request_is_not_taken() -> None:
    """Stripping InResponseTo from the envelope makes no unsolicited response of a solicited one."""
    for response, confirmed in ((None, REQUEST), (REQUEST, None), (REQUEST, REQUEST)):
        field = PROVIDER.response(Answer(response_request=response, confirmed_request=confirmed))
        assert reason_of(field, request_id=None) is Refusal.REQUEST
    unasked = PROVIDER.response(Answer(response_request=None, confirmed_request=None))
    assert reason_of(unasked, request_id=None) is None


def test_a_status_below_another_is_none() -> None:
    root = PROVIDER.response_element(Answer(status=SUCCESS.replace("Success", "Requester")))
    element(next(root.iter("{urn:oasis:names:tc:SAML:2.0:protocol}StatusCode")), _STATUS_CODE, Value=SUCCESS)
    PROVIDER.sign(assertion_in(root))
    assert reason_of(encoded(root)) is Refusal.STATUS


_STATUS_CODE = "{urn:oasis:names:tc:SAML:2.0:protocol}StatusCode"


@pytest.mark.parametrize(
    "written",
    ["2026-11-27T12:05:00", "2026-11-27T12:05:00+02:00", "2026-11-27T24:61:00Z", "9999-12-31T23:59:59Z", "12:05", ""],
)
def test_times_that_name_no_moment(written: str) -> None:
    root = PROVIDER.response_element()
    next(root.iter(f"{SAML}SubjectConfirmationData")).set("NotOnOrAfter", written)
    PROVIDER.sign(assertion_in(root))
    assert reason_of(encoded(root)) in {Refusal.TIME, Refusal.SHAPE}


@pytest.mark.parametrize("written", ["2026-11-27T12:05:00Z", "2026-11-27T12:05:00.123456789Z"])
def test_times_that_do(written: str) -> None:
    root = PROVIDER.response_element()
    next(root.iter(f"{SAML}SubjectConfirmationData")).set("NotOnOrAfter", written)
    PROVIDER.sign(assertion_in(root))
    assert reason_of(encoded(root)) is None


def test_several_sign_ins_in_one_assertion() -> None:
    root = PROVIDER.response_element()
    statement = next(root.iter(f"{SAML}AuthnStatement"))
    second = etree.fromstring(etree.tostring(statement))
    second.set("SessionIndex", "_session-of-another")
    statement.addnext(second)
    PROVIDER.sign(assertion_in(root))
    assert reason_of(encoded(root)) is Refusal.AUTHN_STATEMENT
