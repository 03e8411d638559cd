"""Attacker: Mallory, who has an account of her own at the provider, or only what she wrote herself. Move: a response in
which Anna's name stands where it is read, and the provider's signature where it is checked. Guarantee: who signs in is
whom the provider named inside of what it signed, whatever else the message holds.
"""

import base64
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
import xmlsec
from lxml import etree
from xmlsec import constants

from muniment.sso.saml import parsing
from muniment.sso.saml.errors import AssertionRefusedError, Refusal
from muniment.sso.saml.parsing import DS, SAML, SAMLP
from muniment.sso.saml.response import read_response
from tests.sso.provider import NOW, Answer, Provider, assertion_in, element, encoded, expected, key_pair

PROVIDER = Provider()
MALLORY = Answer(name_id="mallory@acme.example")
ANNA = Answer(name_id="anna@acme.example", assertion_id="_forged", response_id="_forged-response")


def reason_of(field: str, **changes: Any) -> Refusal | None:
    """None: somebody is signed in."""
    try:
        read_response(field, expected=expected(**changes), now=NOW)
    except AssertionRefusedError as error:
        return error.reason
    return None


def signed_tree(
    answer: Answer = MALLORY, *, signed: tuple[str, ...] = ("assertion",), **signing: Any
) -> etree._Element:
    return etree.fromstring(base64.b64decode(PROVIDER.response(answer, signed=signed, **signing)))


@pytest.fixture(params=[True, False], ids=["with the schema", "without it"])
def schema(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each rule holds on its own: what the schema refuses first is refused without it, too."""
    if not request.param:

        class Nothing:
            def validate(self, _root: etree._Element) -> bool:
                return True

        monkeypatch.setattr(parsing, "_protocol_schema", Nothing)


def _signature(parent: etree._Element) -> etree._Element:
    found = parent.find(f"{DS}Signature")
    assert found is not None
    return found


def _without_signature(parent: etree._Element) -> etree._Element:
    clone = deepcopy(parent)
    clone.remove(_signature(clone))
    return clone


def xsw1() -> etree._Element:
    """A forged response around the signature; the signed one lies in the signature."""
    original = signed_tree(signed=("response",))
    forged = PROVIDER.response_element(ANNA)
    signature = deepcopy(_signature(original))
    signature.append(_without_signature(original))
    forged.insert(1, signature)
    return forged


def xsw2() -> etree._Element:
    """As the first, with the signed response beside the signature."""
    original = signed_tree(signed=("response",))
    forged = PROVIDER.response_element(ANNA)
    forged.insert(1, deepcopy(_signature(original)))
    forged.insert(2, _without_signature(original))
    return forged


def xsw3() -> etree._Element:
    """A forged assertion before the signed one."""
    root = signed_tree()
    root.insert(2, assertion_in(PROVIDER.response_element(ANNA)))
    return root


def xsw4() -> etree._Element:
    """The signed assertion inside of the forged one."""
    root = signed_tree()
    forged = assertion_in(PROVIDER.response_element(ANNA))
    original = assertion_in(root)
    root.replace(original, forged)
    forged.append(original)
    return root


def xsw5() -> etree._Element:
    """The forged assertion has the signature; the signed one stands bare at the end."""
    root = signed_tree()
    original = assertion_in(root)
    forged = assertion_in(PROVIDER.response_element(ANNA))
    forged.insert(1, deepcopy(_signature(original)))
    root.replace(original, forged)
    root.append(_without_signature(original))
    return root


def xsw6() -> etree._Element:
    """As the fifth, with the signed assertion inside of the signature."""
    root = signed_tree()
    original = assertion_in(root)
    forged = assertion_in(PROVIDER.response_element(ANNA))
    signature = deepcopy(_signature(original))
    signature.append(_without_signature(original))
    forged.insert(1, signature)
    root.replace(original, forged)
    return root


def xsw7() -> etree._Element:
    """The forged assertion, of the same id, in the extensions, where the schema lets anything be."""
    root = signed_tree()
    extensions = etree.Element(f"{SAMLP}Extensions")
    extensions.append(assertion_in(PROVIDER.response_element(Answer(assertion_id="_assertion"))))
    root.insert(1, extensions)
    return root


def xsw7b() -> etree._Element:
    root = xsw7()
    next(root.iter(f"{SAML}Assertion")).set("ID", "_other")
    return root


def xsw8() -> etree._Element:
    """The signed assertion in an object of the signature, which the schema allows there."""
    root = signed_tree()
    original = assertion_in(root)
    forged = assertion_in(PROVIDER.response_element(Answer(name_id="anna@acme.example", assertion_id="_forged")))
    signature = deepcopy(_signature(original))
    element(signature, f"{DS}Object").append(_without_signature(original))
    forged.insert(1, signature)
    root.replace(original, forged)
    return root


def in_an_advice() -> etree._Element:
    """The signed assertion as advice of the forged one."""
    root = signed_tree()
    original = assertion_in(root)
    forged = assertion_in(PROVIDER.response_element(ANNA))
    advice = etree.Element(f"{SAML}Advice")
    root.replace(original, forged)
    advice.append(original)
    forged.insert(3, advice)
    return root


def in_a_value() -> etree._Element:
    """The signed response as the value of an attribute of a forged, unsigned one."""
    forged = PROVIDER.response_element(ANNA)
    value = next(forged.iter(f"{SAML}AttributeValue"))
    value.text = None
    value.append(signed_tree(signed=("response",)))
    return forged


WRAPPED = [xsw1, xsw2, xsw3, xsw4, xsw5, xsw6, xsw7, xsw7b, xsw8, in_an_advice, in_a_value]


def test_what_these_are_made_from_is_read() -> None:
    for signed in (("assertion",), ("response",), ("assertion", "response")):
        assert reason_of(encoded(signed_tree(signed=signed))) is None


@pytest.mark.usefixtures("schema")
@pytest.mark.parametrize("wrap", WRAPPED)
def test_signatures_are_wrapped(wrap: Callable[[], etree._Element]) -> None:
    assert reason_of(encoded(wrap())) in {
        Refusal.ASSERTION_COUNT,
        Refusal.DUPLICATE_ID,
        Refusal.SHAPE,
        Refusal.SIGNATURE_FORM,
    }


@pytest.mark.parametrize("encrypted", [False, True])
def test_nothing_is_signed(encrypted: bool) -> None:
    refused = Refusal.DECRYPTION if encrypted else Refusal.UNSIGNED
    assert reason_of(PROVIDER.response(signed=(), encrypted=encrypted)) is refused


@pytest.mark.parametrize("signed", ["assertion", "response"])
def test_her_own_key_with_its_certificate(signed: str) -> None:
    assert reason_of(Provider("mallory").response(signed=(signed,))) is Refusal.SIGNATURE
    assert reason_of(PROVIDER.response(signed=(signed,))) is None


def test_one_good_signature_does_not_make_up_for_a_bad_one() -> None:
    for good, bad in ((PROVIDER, Provider("mallory")), (Provider("mallory"), PROVIDER)):
        root = PROVIDER.response_element()
        good.sign(assertion_in(root))
        bad.sign(root)
        assert reason_of(encoded(root)) is Refusal.SIGNATURE


def test_the_certificate_inside_counts_for_nothing() -> None:
    """A good signature stays good beside another's certificate, as a bad one stays bad beside the provider's."""
    root = signed_tree()
    foreign = next(Provider("mallory").metadata_element().iter(f"{DS}X509Certificate")).text
    next(root.iter(f"{DS}X509Certificate")).text = foreign
    assert reason_of(encoded(root)) is None
    root = etree.fromstring(base64.b64decode(Provider("mallory").response()))
    next(root.iter(f"{DS}X509Certificate")).text = next(PROVIDER.metadata_element().iter(f"{DS}X509Certificate")).text
    assert reason_of(encoded(root)) is Refusal.SIGNATURE


def test_the_public_key_as_a_secret() -> None:
    for secret in (PROVIDER.certificate.encode(), PROVIDER.certificate.strip().encode()):
        key = xmlsec.Key.from_binary_data(constants.KeyDataHmac, secret)
        assert reason_of(PROVIDER.response(method=constants.TransformHmacSha256, key=key)) is Refusal.ALGORITHM


@pytest.mark.parametrize(
    "signing",
    [{"method": constants.TransformRsaSha1}, {"digest": constants.TransformSha1}],
    ids=["signature", "digest"],
)
@pytest.mark.parametrize("signed", ["assertion", "response"])
def test_sha1(signing: dict[str, Any], signed: str) -> None:
    assert reason_of(PROVIDER.response(signed=(signed,), **signing)) is Refusal.ALGORITHM


@pytest.mark.parametrize(
    "transforms",
    [
        (constants.TransformEnveloped,),
        (constants.TransformEnveloped, constants.TransformInclC14N),
        (constants.TransformEnveloped, constants.TransformExclC14NWithComments),
        (constants.TransformEnveloped, constants.TransformExclC14N, constants.TransformExclC14N),
    ],
)
def test_other_transforms_even_if_the_signature_is_good(transforms: tuple[Any, ...]) -> None:
    assert reason_of(PROVIDER.response(transforms=transforms)) is Refusal.SIGNATURE_FORM


def test_another_canonicalisation_of_what_the_signature_says() -> None:
    for canonical in (constants.TransformInclC14N, constants.TransformExclC14NWithComments):
        assert reason_of(PROVIDER.response(canonical=canonical)) is Refusal.SIGNATURE_FORM


def test_a_signature_that_lies_about() -> None:
    """In the extensions, where the schema lets anything be, and where nothing is read."""
    root = signed_tree()
    extensions = etree.Element(f"{SAMLP}Extensions")
    extensions.append(deepcopy(_signature(assertion_in(root))))
    root.insert(1, extensions)
    assert reason_of(encoded(root)) is Refusal.SIGNATURE_FORM


@pytest.mark.parametrize(
    "algorithm",
    [
        "http://www.w3.org/TR/1999/REC-xpath-19991116",
        "http://www.w3.org/2002/06/xmldsig-filter2",
        "http://www.w3.org/TR/1999/REC-xslt-19991116",
        "http://www.w3.org/2000/09/xmldsig#base64",
    ],
)
def test_transforms_that_choose_what_is_signed(algorithm: str) -> None:
    root = signed_tree()
    element(next(root.iter(f"{DS}Transforms")), f"{DS}Transform", Algorithm=algorithm)
    assert reason_of(encoded(root)) is Refusal.SIGNATURE_FORM
    root = signed_tree()
    element(next(root.iter(f"{DS}Transform")), f"{DS}XPath", "not(ancestor-or-self::*)")
    assert reason_of(encoded(root)) is Refusal.SIGNATURE_FORM


@pytest.mark.parametrize(
    "uri", ["", "#_response", "#xpointer(/)", "#xpointer(id('_assertion'))", "https://evil.example/"]
)
def test_references_to_something_else(uri: str) -> None:
    root = signed_tree()
    next(root.iter(f"{DS}Reference")).set("URI", uri)
    assert reason_of(encoded(root)) is Refusal.SIGNATURE_FORM


def test_a_second_reference() -> None:
    root = signed_tree()
    reference = next(root.iter(f"{DS}Reference"))
    reference.addnext(deepcopy(reference))
    assert reason_of(encoded(root)) is Refusal.SIGNATURE_FORM


def test_a_signature_over_the_whole_document_by_an_empty_reference() -> None:
    root = PROVIDER.response_element()
    PROVIDER.sign(root, uri="")
    assert reason_of(encoded(root)) is Refusal.SIGNATURE_FORM


def test_two_signatures_of_one_element() -> None:
    root = PROVIDER.response_element()
    PROVIDER.sign(assertion_in(root))
    assertion_in(root).insert(2, deepcopy(_signature(assertion_in(root))))
    assert reason_of(encoded(root)) in {Refusal.SIGNATURE_FORM, Refusal.SHAPE}


@pytest.mark.usefixtures("schema")
@pytest.mark.parametrize("name", ["ID", "Id", "id", "{http://www.w3.org/XML/1998/namespace}id"])
def test_an_id_that_is_given_twice(name: str) -> None:
    root = signed_tree()
    extensions = etree.Element(f"{SAMLP}Extensions")
    element(extensions, "{urn:x}thing").set(name, "_assertion")
    root.insert(1, extensions)
    assert reason_of(encoded(root)) in {Refusal.DUPLICATE_ID, Refusal.SIGNATURE_FORM}
    element_with_id = next(root.iter("{urn:x}thing"))
    element_with_id.attrib.clear()
    assert reason_of(encoded(root)) is None


def test_canonicalisation_that_comes_out_void() -> None:
    """CVE-2025-66568 of another library: with a relative namespace, the signature is checked over nothing."""
    xml = etree.tostring(signed_tree())
    for where in (b"<ds:SignedInfo", b"<samlp:Response", b"<saml:Assertion"):
        assert reason_of(encoded(xml.replace(where, where + b' xmlns:a="1"', 1))) is Refusal.SIGNATURE_FORM
        absolute = reason_of(encoded(xml.replace(where, where + b' xmlns:a="urn:a"', 1)))
        assert absolute is None  # exclusive canonicalisation leaves out what is not used


def test_a_letter_is_changed() -> None:
    for signed in ("assertion", "response"):
        xml = etree.tostring(signed_tree(signed=(signed,)))
        changed = xml.replace(b">mallory@acme.example</saml:NameID>", b">anna@acme.example</saml:NameID>")
        assert changed != xml
        assert reason_of(encoded(changed)) is Refusal.SIGNATURE


@pytest.mark.parametrize("inside", [b"<!---->", b"<?a b?>", b"<![CDATA[]]>"])
def test_a_name_that_is_cut_in_two(inside: bytes) -> None:
    """A signature stays good when a comment is put in; a reader that stops there reads another name."""
    xml = etree.tostring(signed_tree(Answer(name_id="anna@acme.example.mallory.example")))
    assert reason_of(encoded(xml)) is None
    cut = xml.replace(b"anna@acme.example.mallory", b"anna@acme.example" + inside + b".mallory")
    assert cut != xml
    assert reason_of(encoded(cut)) is Refusal.FORBIDDEN_MARKUP


DOCTYPE = '<!DOCTYPE r [<!ENTITY a "anna">]>'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-7", "utf-16-le", "utf-32"])
def test_a_document_type(encoding: str) -> None:
    text = etree.tostring(signed_tree(), encoding="unicode")
    head = f'<?xml version="1.0" encoding="{encoding}"?>'
    refused = Refusal.FORBIDDEN_MARKUP if encoding == "utf-8" else Refusal.UNREADABLE
    assert reason_of(encoded((head + DOCTYPE + text).encode(encoding))) is refused
    plain = (head + text).encode(encoding)
    assert (reason_of(encoded(plain)) is None) == (encoding == "utf-8")


@pytest.mark.parametrize("junk", ["", "%%%", "bm8geG1s", base64.b64encode(b"<a/>").decode(), "é\udcff"])
def test_no_message_at_all(junk: str) -> None:
    assert reason_of(junk) in {Refusal.UNREADABLE, Refusal.SHAPE}


def test_a_message_that_is_too_large() -> None:
    xml = etree.tostring(signed_tree())
    assert reason_of(encoded(xml + b" " * 100_000)) is None
    assert reason_of(encoded(xml + b" " * parsing.LARGEST_MESSAGE)) is Refusal.TOO_LARGE
    assert reason_of("A" * 3 * parsing.LARGEST_MESSAGE) is Refusal.TOO_LARGE


def test_another_message_of_the_provider() -> None:
    root = PROVIDER.logout_response_element()
    assert reason_of(PROVIDER.by_post(root)) is Refusal.SHAPE


def test_no_certificate_is_known_or_only_another() -> None:
    assert reason_of(PROVIDER.response(), certificates=()) is Refusal.SIGNATURE
    assert reason_of(PROVIDER.response(), certificates=(key_pair("ours").certificate,)) is Refusal.SIGNATURE
