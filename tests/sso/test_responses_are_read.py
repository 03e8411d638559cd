"""What a good response of a provider says, in every way that providers sign and encrypt it."""

import base64
import re
from datetime import timedelta

import pytest
import xmlsec
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from lxml import etree
from xmlsec import constants

from muniment.sso.saml.errors import AssertionRefusedError, Refusal, SamlError
from muniment.sso.saml.parsing import DS, SAML
from muniment.sso.saml.response import read_response
from muniment.sso.saml.types import EMAIL
from tests.sso.provider import (
    NOW,
    Answer,
    Provider,
    assertion_in,
    certificate_of,
    element,
    encoded,
    encrypt,
    expected,
    key_pair,
)

PROVIDER = Provider()


def test_what_it_says_is_read_whole() -> None:
    said = Answer(attributes={"mail": ("anna@acme.example",), "groups": ("staff", "editors"), "empty": ("",)})
    found = read_response(PROVIDER.response(said), expected=expected(), now=NOW)
    assert (found.assertion_id, found.session_index) == ("_assertion", "_session-1")
    assert (found.name_id, found.name_id_format) == ("anna@acme.example", EMAIL)
    assert found.attributes == {"mail": ("anna@acme.example",), "groups": ("staff", "editors"), "empty": ()}
    assert found.valid_until == NOW + timedelta(seconds=300 + 60)
    assert found.session_not_on_or_after == NOW + timedelta(hours=8)
    assert found.authn_instant == NOW - timedelta(seconds=5)


@pytest.mark.parametrize("encrypted", [False, True])
@pytest.mark.parametrize("signed", [("assertion",), ("response",), ("assertion", "response")])
def test_ways_of_signing(signed: tuple[str, ...], encrypted: bool) -> None:
    field = PROVIDER.response(signed=signed, encrypted=encrypted)
    assert read_response(field, expected=expected(), now=NOW).name_id == "anna@acme.example"


@pytest.mark.parametrize("method", [constants.TransformRsaSha384, constants.TransformRsaSha512])
def test_longer_hashes(method: object) -> None:
    assert read_response(PROVIDER.response(method=method), expected=expected(), now=NOW).name_id


@pytest.mark.parametrize(
    "cipher", [constants.TransformAes128Cbc, constants.TransformAes256Cbc, constants.TransformAes128Gcm]
)
def test_ciphers_that_providers_use(cipher: object) -> None:
    field = PROVIDER.response(encrypted=True, cipher=cipher)
    assert read_response(field, expected=expected(), now=NOW).name_id


def test_the_encrypted_key_may_lie_beside_the_data() -> None:
    """As Shibboleth does."""
    root = PROVIDER.response_element()
    PROVIDER.sign(assertion_in(root))
    encrypt(root)
    around = root.find(f"{SAML}EncryptedAssertion")
    carried = next(root.iter("{http://www.w3.org/2001/04/xmlenc#}EncryptedKey"))
    info = carried.getparent()
    assert around is not None
    assert info is not None
    around.append(carried)
    element(info, f"{DS}RetrievalMethod", URI="#key", Type="http://www.w3.org/2001/04/xmlenc#EncryptedKey")
    carried.set("Id", "key")
    assert read_response(encoded(root), expected=expected(), now=NOW).name_id


def test_a_provider_may_change_its_certificate() -> None:
    """Both are known while it does; each alone is enough, and a third is not."""
    both = expected(certificates=(key_pair("old").certificate, key_pair("provider").certificate))
    for name in ("old", "provider"):
        assert read_response(Provider(name).response(), expected=both, now=NOW).name_id
    with pytest.raises(AssertionRefusedError) as caught:
        read_response(Provider("third").response(), expected=both, now=NOW)
    assert caught.value.reason is Refusal.SIGNATURE


def test_the_provider_may_begin_where_that_is_allowed() -> None:
    unasked = Answer(response_request=None, confirmed_request=None)
    assert read_response(PROVIDER.response(unasked), expected=expected(request_id=None), now=NOW).name_id
    with pytest.raises(AssertionRefusedError) as caught:
        read_response(PROVIDER.response(unasked), expected=expected(), now=NOW)
    assert caught.value.reason is Refusal.REQUEST


def test_an_unsigned_envelope_may_leave_its_destination_out() -> None:
    assert read_response(PROVIDER.response(Answer(destination=None)), expected=expected(), now=NOW).name_id


def test_one_good_confirmation_of_several_is_enough() -> None:
    root = PROVIDER.response_element()
    subject = assertion_in(root).find(f"{SAML}Subject")
    assert subject is not None
    element(subject, f"{SAML}SubjectConfirmation", Method="urn:oasis:names:tc:SAML:2.0:cm:sender-vouches")
    PROVIDER.sign(assertion_in(root))
    assert read_response(encoded(root), expected=expected(), now=NOW).name_id


@pytest.mark.parametrize("seconds", [-59, 59])
def test_clocks_may_be_a_minute_apart(seconds: int) -> None:
    said = Answer(not_before=0, not_on_or_after=1, confirmed_until=1, authn_instant=0, issued=0)
    moment = NOW + timedelta(seconds=seconds)
    assert read_response(PROVIDER.response(said), expected=expected(), now=moment).name_id


def test_line_breaks_in_the_field_and_bytes() -> None:
    field = PROVIDER.response()
    broken = "\r\n".join(field[start : start + 76] for start in range(0, len(field), 76))
    assert read_response(broken.encode(), expected=expected(), now=NOW).name_id


def test_prefixes_that_canonicalisation_keeps() -> None:
    """As OpenSAML signs, for the types of attribute values."""
    field = PROVIDER.response(prefixes="xs saml")
    assert b"InclusiveNamespaces" in base64.b64decode(field)
    assert read_response(field, expected=expected(), now=NOW).name_id


def test_names_beyond_ascii() -> None:
    said = Answer(name_id="Zoë Müller", attributes={"name": ("Zoë & Søn <3",)})
    found = read_response(PROVIDER.response(said), expected=expected(), now=NOW)
    assert (found.name_id, found.attributes["name"]) == ("Zoë Müller", ("Zoë & Søn <3",))


def test_the_sentence_says_what_to_do_and_nothing_of_the_message() -> None:
    with pytest.raises(AssertionRefusedError) as caught:
        read_response(PROVIDER.response(Answer(audience="https://other.example")), expected=expected(), now=NOW)
    assert caught.value.reason is Refusal.AUDIENCE
    assert "administrator of your team" in str(caught.value)
    assert "other.example" not in str(caught.value)


@pytest.mark.parametrize("reason", Refusal)
def test_every_refusal_says_what_happened_and_what_to_do(reason: Refusal) -> None:
    assert len(re.findall(r"[.:] [A-Za-z]", str(SamlError(reason)))) >= 1


def test_an_elliptic_key_signs() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    signer = xmlsec.Key.from_memory(pem, constants.KeyDataFormatPem)
    root = PROVIDER.response_element()
    PROVIDER.sign(assertion_in(root), key=signer, method=constants.TransformEcdsaSha256)
    known = expected(certificates=(PROVIDER.certificate, certificate_of(key)))
    assert read_response(encoded(root), expected=known, now=NOW).name_id
    with pytest.raises(AssertionRefusedError):
        read_response(encoded(root), expected=expected(), now=NOW)


def test_an_element_as_value_is_left_out() -> None:
    root = PROVIDER.response_element()
    value = next(root.iter(f"{SAML}AttributeValue"))
    value.text = None
    etree.SubElement(value, f"{SAML}NameID").text = "mallory"
    PROVIDER.sign(assertion_in(root))
    assert read_response(encoded(root), expected=expected(), now=NOW).attributes == {"mail": ()}
