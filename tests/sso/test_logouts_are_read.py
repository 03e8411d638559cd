"""Sign-outs that a provider asks for, and its answers to ours, by both bindings."""

import base64
import re
from datetime import timedelta
from urllib.parse import quote, urlsplit

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from muniment.sso.saml.logout import (
    logout_by_form,
    logout_by_redirect,
    logout_request,
    logout_response,
    read_logout_request,
    read_logout_response,
)
from muniment.sso.saml.signatures import sign_bytes
from muniment.sso.saml.types import EMAIL, ByPost, ByRedirect
from tests.sso.provider import NOW, OURS, REQUEST, SUCCESS, Provider, certificate_of, key_pair, logout_expected

PROVIDER = Provider()
SLO = "https://idp.acme.example/slo"


def by(binding: str, root: object) -> ByRedirect | ByPost:
    if binding == "redirect":
        return ByRedirect(PROVIDER.by_redirect(root))  # type: ignore[arg-type]
    return ByPost(PROVIDER.by_post(root))  # type: ignore[arg-type]


@pytest.mark.parametrize("binding", ["redirect", "post"])
def test_a_request_names_whose_sessions_end(binding: str) -> None:
    root = PROVIDER.logout_request_element(session_indexes=("_s1", "_s2"))
    found = read_logout_request(by(binding, root), expected=logout_expected(), now=NOW)
    assert (found.id, found.name_id, found.name_id_format) == ("_logout", "anna@acme.example", EMAIL)
    assert found.session_indexes == ("_s1", "_s2")
    assert found.valid_until == NOW + timedelta(seconds=-1 + 300 + 60)


def test_a_request_for_all_sessions_and_one_that_ends_earlier() -> None:
    root = PROVIDER.logout_request_element(session_indexes=(), until=30)
    found = read_logout_request(by("redirect", root), expected=logout_expected(), now=NOW)
    assert found.session_indexes == ()
    assert found.valid_until == NOW + timedelta(seconds=30 + 60)


def test_the_relay_state_is_what_was_signed() -> None:
    query = PROVIDER.by_redirect(PROVIDER.logout_request_element(), relay_state="a/b c&d")
    assert read_logout_request(ByRedirect(query), expected=logout_expected(), now=NOW).relay_state == "a/b c&d"


def test_other_encoders_write_the_same_query_otherwise() -> None:
    """.NET writes %2b for %2B. What counts are the characters that were signed, and not what they decode to."""
    query = PROVIDER.by_redirect(PROVIDER.logout_request_element())
    signed = re.sub("%[0-9A-F]{2}", lambda found: found[0].lower(), query.split("&Signature")[0])
    signature = quote(base64.b64encode(sign_bytes(signed.encode(), key_pair("provider").private)), safe="")
    assert query.split("&Signature")[0] not in {signed, signature}
    assert read_logout_request(ByRedirect(f"{signed}&Signature={signature}"), expected=logout_expected(), now=NOW).id


def test_an_elliptic_key_signs_a_query() -> None:
    """The two numbers of its signature stand side by side there (RFC 6931, 2.3.6)."""
    key = ec.generate_private_key(ec.SECP256R1())
    query = PROVIDER.by_redirect(PROVIDER.logout_request_element()).split("&Signature")[0].replace("rsa", "ecdsa")
    numbers = decode_dss_signature(key.sign(query.encode(), ec.ECDSA(hashes.SHA256())))
    signature = quote(base64.b64encode(b"".join(number.to_bytes(32, "big") for number in numbers)), safe="")
    certificates = (PROVIDER.certificate, certificate_of(key))
    received = ByRedirect(f"{query}&Signature={signature}")
    assert read_logout_request(received, expected=logout_expected(certificates=certificates), now=NOW).id


@pytest.mark.parametrize("binding", ["redirect", "post"])
def test_an_answer_says_whether_all_is_ended(binding: str) -> None:
    for status, complete in ((SUCCESS, True), (SUCCESS.replace("Success", "Responder"), False)):
        root = PROVIDER.logout_response_element(status=status)
        found = read_logout_response(by(binding, root), expected=logout_expected(), request_id=REQUEST, now=NOW)
        assert found.complete is complete


def test_ours_are_read_by_the_other_side() -> None:
    """The two sides of the protocol are one: what we send, we would believe as a provider."""
    ours = key_pair("ours")
    there = logout_expected(destination=SLO, provider=OURS, certificates=(ours.certificate,))
    asked = logout_request(
        entity_id=OURS, destination=SLO, name_id="anna", name_id_format=EMAIL, session_index="_s1", now=NOW
    )
    sent = logout_by_redirect(asked, key=ours, relay_state="x")
    found = read_logout_request(ByRedirect(urlsplit(sent.address).query), expected=there, now=NOW)
    assert (found.id, found.name_id, found.session_indexes, found.relay_state) == (sent.id, "anna", ("_s1",), "x")
    form = logout_by_form(asked, key=ours)
    assert form.address == SLO
    assert read_logout_request(ByPost(form.fields["SAMLRequest"]), expected=there, now=NOW).id == form.id

    for done in (True, False):
        answer = logout_response(entity_id=OURS, destination=SLO, request_id="_theirs", done=done, now=NOW)
        back = logout_by_redirect(answer, key=ours)
        read = read_logout_response(
            ByRedirect(urlsplit(back.address).query), expected=there, request_id="_theirs", now=NOW
        )
        assert read.complete is done
