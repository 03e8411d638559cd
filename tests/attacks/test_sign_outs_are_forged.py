"""Attacker: anybody, with a link or a form that Anna's browser opens. Move: a message in the provider's name that ends
her session, or tells us that it ended one. Guarantee: only what the provider signed, for our address, in these minutes,
is believed; what is believed is what was signed.
"""

import base64
import zlib
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
import xmlsec
from lxml import etree
from xmlsec import constants

from muniment.sso.saml.errors import LogoutRefusedError, Refusal
from muniment.sso.saml.logout import read_logout_request, read_logout_response
from muniment.sso.saml.parsing import SAMLP
from muniment.sso.saml.signatures import sign_bytes
from muniment.sso.saml.types import ByPost, ByRedirect
from tests.sso.provider import NOW, REQUEST, SLS, Provider, element, encoded, key_pair, logout_expected

PROVIDER = Provider()


def asked(received: ByRedirect | ByPost, *, seconds: float = 0, **changes: Any) -> Refusal | None:
    """The refusal of a request; None: it is believed."""
    try:
        moment = NOW + timedelta(seconds=seconds)
        read_logout_request(received, expected=logout_expected(**changes), now=moment)
    except LogoutRefusedError as error:
        return error.reason
    return None


def answered(received: ByRedirect | ByPost, request_id: str = REQUEST) -> Refusal | None:
    try:
        read_logout_response(received, expected=logout_expected(), request_id=request_id, now=NOW)
    except LogoutRefusedError as error:
        return error.reason
    return None


def both(provider: Provider = PROVIDER, **said: Any) -> list[ByRedirect | ByPost]:
    """The same request by both bindings."""
    return [
        ByRedirect(provider.by_redirect(provider.logout_request_element(**said))),
        ByPost(provider.by_post(provider.logout_request_element(**said))),
    ]


def fields_of(query: str) -> dict[str, str]:
    return dict(part.split("=", 1) for part in query.split("&"))


def joined(fields: dict[str, str]) -> ByRedirect:
    return ByRedirect("&".join(f"{name}={value}" for name, value in fields.items()))


def good_query(**said: Any) -> str:
    return PROVIDER.by_redirect(PROVIDER.logout_request_element(**said), relay_state="back")


def test_the_good_ones_are_believed() -> None:
    assert [asked(received) for received in both()] == [None, None]
    assert asked(ByRedirect(good_query())) is None
    assert answered(ByPost(PROVIDER.by_post(PROVIDER.logout_response_element()))) is None


def test_not_signed() -> None:
    assert asked(ByPost(PROVIDER.by_post(PROVIDER.logout_request_element(), signed=False))) is Refusal.UNSIGNED
    fields = fields_of(good_query())
    for missing in ("Signature", "SigAlg"):
        assert asked(joined({name: fields[name] for name in fields if name != missing})) is Refusal.UNSIGNED
    assert asked(joined({**fields, "Signature": ""})) is Refusal.SIGNATURE


def test_signed_by_another() -> None:
    assert [asked(received) for received in both(Provider("mallory"))] == [Refusal.SIGNATURE] * 2
    certificate = key_pair("mallory").certificate
    assert [asked(received, certificates=(certificate,)) for received in both(Provider("mallory"))] == [None, None]


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"destination": "https://other.example/sls"}, Refusal.DESTINATION),
        ({"destination": SLS + "/more"}, Refusal.DESTINATION),
        ({"destination": SLS[:-1]}, Refusal.DESTINATION),
        ({"destination": None}, Refusal.DESTINATION),
        ({"issuer": "https://idp.mallory.example"}, Refusal.ISSUER),
        ({"issued": -360}, Refusal.EXPIRED),
        ({"issued": 61}, Refusal.NOT_YET_VALID),
        ({"until": -60}, Refusal.EXPIRED),
        ({"name_id": " "}, Refusal.NAME_ID),
    ],
)
def test_signed_but_not_for_here_and_now(said: dict[str, Any], reason: Refusal) -> None:
    assert [asked(received) for received in both(**said)] == [reason, reason]


def test_the_same_later() -> None:
    for received in both():
        assert asked(received, seconds=358) is None
        assert asked(received, seconds=359) is Refusal.EXPIRED


def test_parts_of_two_signed_queries_are_put_together() -> None:
    one, other = fields_of(good_query()), fields_of(good_query(name_id="mallory@acme.example"))
    assert asked(joined({**one, "SAMLRequest": other["SAMLRequest"]})) is Refusal.SIGNATURE
    assert asked(joined({**one, "RelayState": "elsewhere"})) is Refusal.SIGNATURE
    assert asked(joined({name: one[name] for name in one if name != "RelayState"})) is Refusal.SIGNATURE
    assert asked(joined({**one, "SigAlg": one["SigAlg"].replace("sha256", "sha512")})) is Refusal.SIGNATURE


def test_the_order_of_the_parameters_is_no_matter_and_their_number_is() -> None:
    fields = fields_of(good_query())
    assert asked(joined(dict(reversed(fields.items())))) is None  # the order that is signed is given (3.4.4.1)
    forged = fields_of(PROVIDER.by_redirect(PROVIDER.logout_request_element(name_id="mallory@acme.example")))
    for query in (
        f"{good_query()}&SAMLRequest={forged['SAMLRequest']}",
        f"SAMLRequest={forged['SAMLRequest']}&{good_query()}",
        f"{good_query()}&SAML%52equest={forged['SAMLRequest']}",
        f"{good_query()}&RelayState=elsewhere",
    ):
        assert asked(ByRedirect(query)) is Refusal.SIGNATURE_FORM


def test_a_response_is_no_request() -> None:
    response, request = PROVIDER.logout_response_element(), PROVIDER.logout_request_element()
    assert asked(ByPost(PROVIDER.by_post(PROVIDER.logout_response_element()))) is Refusal.SHAPE
    assert asked(ByRedirect(PROVIDER.by_redirect(response))) is Refusal.SHAPE
    assert asked(ByRedirect(PROVIDER.by_redirect(response, field="SAMLRequest"))) is Refusal.SHAPE
    assert answered(ByRedirect(PROVIDER.by_redirect(request, field="SAMLResponse"))) is Refusal.SHAPE
    assert answered(ByRedirect(PROVIDER.by_redirect(response))) is None
    assert asked(ByPost(PROVIDER.response(signed=("response",)))) is Refusal.SHAPE  # a sign-in, signed as well


def test_a_request_and_a_response_in_one() -> None:
    request, response = good_query(), PROVIDER.by_redirect(PROVIDER.logout_response_element())
    assert asked(ByRedirect(f"{request}&SAMLResponse={fields_of(response)['SAMLResponse']}")) is Refusal.SHAPE


def test_an_answer_to_another_request() -> None:
    for request_id in ("_of-another-browser", None):
        root = PROVIDER.logout_response_element(request_id=request_id)
        assert answered(ByPost(PROVIDER.by_post(root))) is Refusal.REQUEST
    assert answered(ByPost(PROVIDER.by_post(PROVIDER.logout_response_element())), request_id="") is Refusal.REQUEST


@pytest.mark.parametrize(
    "method",
    [
        "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
        "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256",
        "http://www.w3.org/2001/04/xmldsig-more#rsa-md5",
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256-sha256",
        "none",
        "",
    ],
)
def test_other_methods_of_signing(method: str) -> None:
    assert asked(joined({**fields_of(good_query()), "SigAlg": quote(method, safe="")})) is Refusal.ALGORITHM


def test_sha1_and_a_shared_secret_in_a_form() -> None:
    weak = PROVIDER.by_post(PROVIDER.logout_request_element(), method=constants.TransformRsaSha1)
    assert asked(ByPost(weak)) is Refusal.ALGORITHM
    secret = xmlsec.Key.from_binary_data(constants.KeyDataHmac, PROVIDER.certificate.encode())
    shared = PROVIDER.by_post(PROVIDER.logout_request_element(), method=constants.TransformHmacSha256, key=secret)
    assert asked(ByPost(shared)) is Refusal.ALGORITHM


def test_a_signed_request_wrapped_in_a_forged_one() -> None:
    root = PROVIDER.logout_request_element(name_id="mallory@acme.example")
    PROVIDER.sign(root)
    forged = PROVIDER.logout_request_element(id="_forged")
    extensions = etree.Element(f"{SAMLP}Extensions")
    element(extensions, "{urn:x}around").append(root)
    forged.insert(1, extensions)
    assert asked(ByPost(encoded(forged))) is Refusal.SIGNATURE_FORM
    plain = PROVIDER.logout_request_element()
    plain.insert(1, etree.Element(f"{SAMLP}Extensions"))
    element(plain[1], "{urn:x}harmless")
    assert asked(ByPost(PROVIDER.by_post(plain))) is None


def test_a_name_that_is_cut_in_two() -> None:
    xml = base64.b64decode(PROVIDER.by_post(PROVIDER.logout_request_element(name_id="anna@acme.example.evil")))
    assert asked(ByPost(encoded(xml))) is None
    assert asked(ByPost(encoded(xml.replace(b".evil", b"<!---->.evil")))) is Refusal.FORBIDDEN_MARKUP


def test_bytes_that_inflate_to_all_memory() -> None:
    """It is signed, so that the provider itself would have to; the limit is for the day that it is broken into."""
    root = PROVIDER.logout_request_element()
    for letters, reason in ((1000, None), (50_000_000, Refusal.TOO_LARGE)):
        root.find("{*}NameID").text = "a" * letters  # type: ignore[union-attr]
        assert asked(ByRedirect(PROVIDER.by_redirect(root))) is reason


@pytest.mark.parametrize(
    "query", ["", "&&", "SAMLRequest", "SAMLRequest=%&SigAlg=x&Signature=y", "SAMLRequest=é\udcff"]
)
def test_no_message_at_all(query: str) -> None:
    assert asked(ByRedirect(query)) is not None
    assert asked(ByPost(query)) is not None


def test_another_encoding_of_the_query() -> None:
    assert asked(ByRedirect(f"{good_query()}&SAMLEncoding=urn:other")) is Refusal.SHAPE
    deflate = quote("urn:oasis:names:tc:SAML:2.0:bindings:URL-Encoding:DEFLATE")
    assert asked(ByRedirect(f"{good_query()}&SAMLEncoding={deflate}")) is None


def test_signed_but_no_deflated_xml() -> None:
    for data in (b"x", b"", zlib.compress(b"<x/>")):  # the last with a header, which raw DEFLATE has not
        algorithm = fields_of(good_query())["SigAlg"]
        signed = f"SAMLRequest={quote(base64.b64encode(data), safe='')}&SigAlg={algorithm}"
        signature = quote(base64.b64encode(sign_bytes(signed.encode(), key_pair("provider").private)), safe="")
        assert asked(ByRedirect(f"{signed}&Signature={signature}")) is Refusal.UNREADABLE
