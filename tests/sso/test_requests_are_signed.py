"""Our requests, as a provider reads them."""

import base64
import zlib
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from lxml import etree

from muniment.sso.saml.bindings import redirected
from muniment.sso.saml.errors import SamlError
from muniment.sso.saml.parsing import SAML, SAMLP, parse_message
from muniment.sso.saml.request import SignInRequest, request_by_form, request_by_redirect
from muniment.sso.saml.signatures import verify
from muniment.sso.saml.types import EMAIL
from tests.sso.provider import ACS, NOW, OURS, key_pair

KEY = key_pair("ours")
TO = "https://idp.acme.example/sso"


def request(**changes: Any) -> SignInRequest:
    return SignInRequest(**{"entity_id": OURS, "acs_url": ACS, "destination": TO, **changes})


def told(root: etree._Element) -> tuple[str | None, ...]:
    """What the provider learns."""
    return (
        root.get("AssertionConsumerServiceURL"),
        root.get("Destination"),
        root.get("IssueInstant"),
        root.findtext(f"{SAML}Issuer"),
    )


def test_by_redirect() -> None:
    sent = request_by_redirect(request(), key=KEY, now=NOW, relay_state="a b&c=d")
    assert sent.address.startswith(f"{TO}?SAMLRequest=")
    xml, relay_state = redirected(urlsplit(sent.address).query, "SAMLRequest", (KEY.certificate,))
    assert relay_state == "a b&c=d"
    root = parse_message(xml)
    assert (root.tag, root.get("ID")) == (f"{SAMLP}AuthnRequest", sent.id)
    assert told(root) == (ACS, TO, "2026-11-27T12:00:00Z", OURS)
    assert root.get("ForceAuthn") is None


def test_any_reader_of_queries_reads_it() -> None:
    sent = request_by_redirect(request(), key=KEY, now=NOW)
    fields = parse_qs(urlsplit(sent.address).query, strict_parsing=True)
    assert fields["SigAlg"] == ["http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"]
    assert "RelayState" not in fields
    assert etree.fromstring(zlib.decompress(base64.b64decode(fields["SAMLRequest"][0]), -15)).get("ID") == sent.id


def test_an_address_may_have_a_query_of_its_own() -> None:
    sent = request_by_redirect(request(destination=f"{TO}?idpid=C01"), key=KEY, now=NOW)
    assert sent.address.startswith(f"{TO}?idpid=C01&SAMLRequest=")
    assert redirected(urlsplit(sent.address).query, "SAMLRequest", (KEY.certificate,))


def test_by_form() -> None:
    sent = request_by_form(request(), key=KEY, now=NOW, relay_state="here")
    assert (sent.address, sent.fields["RelayState"], len(sent.fields)) == (TO, "here", 2)
    root = parse_message(base64.b64decode(sent.fields["SAMLRequest"]))
    verify(root, (KEY.certificate,))
    with pytest.raises(SamlError):
        verify(root, (key_pair("provider").certificate,))
    assert root.get("ID") == sent.id
    assert told(root) == (ACS, TO, "2026-11-27T12:00:00Z", OURS)


def test_the_person_can_be_asked_for_again_and_the_name_in_a_form() -> None:
    sent = request_by_form(request(force=True, name_id_format=EMAIL), key=KEY, now=NOW)
    root = parse_message(base64.b64decode(sent.fields["SAMLRequest"]))
    policy = root.find(f"{SAMLP}NameIDPolicy")
    assert policy is not None
    assert (root.get("ForceAuthn"), policy.get("Format")) == ("true", EMAIL)


def test_no_two_have_one_id() -> None:
    sent = {request_by_redirect(request(), key=KEY, now=NOW).id for _ in range(20)}
    assert len(sent) == 20
    assert all(one.startswith("_") and len(one) == 27 for one in sent)
