"""Responses that a provider in another language made, and our messages as another library verifies them.

The handmade provider of the other tests stands on the same libxml2 as our reader; these do not.
"""

import base64
import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from onelogin.saml2.utils import OneLogin_Saml2_Utils

from muniment.sso.saml.errors import AssertionRefusedError, Refusal
from muniment.sso.saml.logout import logout_by_redirect, logout_response
from muniment.sso.saml.metadata import our_metadata
from muniment.sso.saml.request import SignInRequest, request_by_form, request_by_redirect
from muniment.sso.saml.response import read_response
from muniment.sso.saml.types import PERSISTENT
from tests.sso.provider import ACS, NOW, OURS, SLS, encoded, expected, key_pair

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "saml.json").read_text())
CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"
KEY = key_pair("ours")
TO = "https://idp.acme.example/sso"
FITS = expected(certificates=(VECTORS["certificate"],), private_key=VECTORS["private_key"])


@pytest.mark.parametrize("name", [name for name in VECTORS["responses"] if "SHA-1" not in name])
def test_its_responses_are_read(name: str) -> None:
    found = read_response(encoded(VECTORS["responses"][name].encode()), expected=FITS, now=NOW)
    assert (found.name_id, found.name_id_format) == ("anna@acme.example", PERSISTENT)
    assert found.attributes[f"{CLAIMS}emailaddress"] == ("anna@acme.example",)
    assert found.attributes[f"{CLAIMS}name"] == ("Anna Müller & <Co>",)


def test_its_old_algorithm_is_refused() -> None:
    with pytest.raises(AssertionRefusedError) as caught:
        read_response(encoded(VECTORS["responses"]["assertion signed by SHA-1"].encode()), expected=FITS, now=NOW)
    assert caught.value.reason is Refusal.ALGORITHM


def _signed_query(address: str, field: str) -> tuple[str, bytes]:
    query = urlsplit(address).query
    assert query.startswith(f"{field}=")
    return query.split("&Signature=")[0], base64.b64decode(parse_qs(query)["Signature"][0])


def test_our_queries_are_signed_as_the_library_verifies_them() -> None:
    asked = request_by_redirect(SignInRequest(OURS, ACS, TO), key=KEY, now=NOW, relay_state="a b")
    ended = logout_response(entity_id=OURS, destination=TO, request_id="_x", done=True, now=NOW)
    answer = logout_by_redirect(ended, key=KEY)
    for address, field in ((asked.address, "SAMLRequest"), (answer.address, "SAMLResponse")):
        signed, signature = _signed_query(address, field)
        assert OneLogin_Saml2_Utils.validate_binary_sign(signed, signature, KEY.certificate)
        assert not OneLogin_Saml2_Utils.validate_binary_sign(signed + "x", signature, KEY.certificate)


def test_our_form_and_our_metadata_are_signed_as_the_library_verifies_them() -> None:
    form = request_by_form(SignInRequest(OURS, ACS, TO), key=KEY, now=NOW)
    request = base64.b64decode(form.fields["SAMLRequest"])
    metadata = our_metadata(entity_id=OURS, acs_url=ACS, sls_url=SLS, key=KEY)
    for certificate, good in ((KEY.certificate, True), (key_pair("third").certificate, False)):
        place = "/samlp:AuthnRequest/ds:Signature"
        assert OneLogin_Saml2_Utils.validate_sign(request, certificate, xpath=place) is good
        assert OneLogin_Saml2_Utils.validate_metadata_sign(metadata, certificate) is good
