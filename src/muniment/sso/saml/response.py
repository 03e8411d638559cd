"""A provider's answer to a sign-in: from the posted field to who it is (profiles 4.1.4, SAML 2.0 Web Browser SSO)."""

from datetime import datetime

from lxml import etree

from muniment.sso.saml.assertion import read_assertion, refuse_other_issuer
from muniment.sso.saml.bindings import posted
from muniment.sso.saml.encryption import opened
from muniment.sso.saml.errors import AssertionRefusedError, Refusal, SamlError, refusing_as
from muniment.sso.saml.parsing import SAML, SAMLP, parse_message
from muniment.sso.saml.signatures import is_signed, refuse_stray_signatures, verify
from muniment.sso.saml.times import read_time, refuse_future
from muniment.sso.saml.types import Expected, SignedIn

_SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"


@refusing_as(AssertionRefusedError)
def read_response(encoded: bytes | str, *, expected: Expected, now: datetime) -> SignedIn:
    """Who signs in by the form's SAMLResponse (base64). Raises AssertionRefusedError.

    That `assertion_id` was not used before is the caller's to check.
    """
    root = parse_message(posted(encoded))
    if root.tag != f"{SAMLP}Response" or root.get("Version") != "2.0":
        raise SamlError(Refusal.SHAPE)
    assertion = _verified_assertion(root, expected)
    _refuse_other_response(root, expected, now)
    return read_assertion(assertion, expected, now)


def _verified_assertion(root: etree._Element, expected: Expected) -> etree._Element:
    """The one assertion, after every signature over it was verified, and there is at least one."""
    assertion = _only_assertion(root)
    refuse_stray_signatures(root, (root, assertion))
    whole = is_signed(root)
    if whole:
        verify(root, expected.certificates)
    if assertion.tag == f"{SAML}EncryptedAssertion":
        return _decrypted_assertion(root, expected, whole=whole)
    if is_signed(assertion):
        verify(assertion, expected.certificates)
    elif not whole:
        raise SamlError(Refusal.UNSIGNED)
    return assertion


def _decrypted_assertion(root: etree._Element, expected: Expected, *, whole: bool) -> etree._Element:
    """`whole`: the response was signed and verified, and its ciphertext with it."""
    clear = opened(root, expected.private_key)
    try:
        assertion = _only_assertion(clear)
        refuse_stray_signatures(clear, (clear, assertion))
        if is_signed(assertion) or not whole:
            verify(assertion, expected.certificates)
    except SamlError:
        raise SamlError(Refusal.DECRYPTION) from None  # one refusal for all: see `opened`
    return assertion


def _only_assertion(root: etree._Element) -> etree._Element:
    """Attack stopped: signature wrapping with two assertions, in any place (Advice, Extensions, ds:Object, values)."""
    found = list(root.iter(f"{SAML}Assertion", f"{SAML}EncryptedAssertion"))
    if len(found) != 1 or found[0].getparent() is not root:
        raise SamlError(Refusal.ASSERTION_COUNT)
    return found[0]


def _refuse_other_response(root: etree._Element, expected: Expected, now: datetime) -> None:
    """What the envelope says. It may be unsigned: nothing here lets anybody in, it only keeps out."""
    if root.find(f"{SAMLP}Status/{SAMLP}StatusCode[@Value='{_SUCCESS}']") is None:
        raise SamlError(Refusal.STATUS)
    refuse_other_issuer(root, expected.provider)
    destination = root.get("Destination")
    if destination is None and not is_signed(root):  # bindings 3.5.5.2: a signed message says where it goes
        destination = expected.acs_url
    if destination != expected.acs_url:
        raise SamlError(Refusal.DESTINATION)
    if root.get("InResponseTo") != expected.request_id:
        raise SamlError(Refusal.REQUEST)
    refuse_future(read_time(root.get("IssueInstant", "")), now)
