"""Signatures inside of XML (XMLDSig), narrowed to the one form that SAML uses (core, 5.4)."""

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, cast

import xmlsec
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from lxml import etree

from muniment.sso.saml.certificates import read_certificate
from muniment.sso.saml.errors import Refusal, SamlError
from muniment.sso.saml.parsing import DS

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

_EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
_ENVELOPED = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
_PREFIXES = f"{{{_EXCLUSIVE}}}InclusiveNamespaces"
_MORE = "http://www.w3.org/2001/04/xmldsig-more#"
_SIGNATURES = {f"{_MORE}{kind}-sha{size}" for kind in ("rsa", "ecdsa") for size in (256, 384, 512)}
_DIGESTS = {
    "http://www.w3.org/2001/04/xmlenc#sha256",
    "http://www.w3.org/2001/04/xmldsig-more#sha384",
    "http://www.w3.org/2001/04/xmlenc#sha512",
}


def is_signed(element: etree._Element) -> bool:
    return element.find(f"{DS}Signature") is not None


def refuse_stray_signatures(root: etree._Element, allowed: Iterable[etree._Element]) -> None:
    """Attack stopped: signature wrapping (XSW), which keeps what was signed somewhere in the message and puts another
    thing where it is read. Whatever is signed here is the message or its one assertion, once.
    """
    places = list(allowed)
    for signature in root.iter(f"{DS}Signature"):
        if signature.getparent() not in places:
            raise SamlError(Refusal.SIGNATURE_FORM)


def verify(element: etree._Element, certificates: Iterable[str]) -> None:
    """That `element`, as it stands in its document, is signed by one of the certificates (PEM); else SamlError.

    After this, what is in `element` may be read, and nothing else.
    """
    signature = _the_signature(element)
    root = element.getroottree().getroot()
    xmlsec.tree.add_ids(root, ["ID"])  # unique: parsing saw to it
    for pem in certificates:
        context = xmlsec.SignatureContext()
        # Attack stopped: a foreign key that comes along in KeyInfo. With a key set, xmlsec never looks there.
        context.key = xmlsec.Key.from_memory(read_certificate(pem).pem, xmlsec.constants.KeyDataFormatCertPem)
        try:
            context.verify(signature)
        except xmlsec.Error:
            continue
        return
    raise SamlError(Refusal.SIGNATURE)


def sign(element: etree._Element, *, key: str, certificate: str, position: int) -> None:
    """Put an enveloped signature by RSA and SHA-256 into `element`, which has an ID, as its child at `position`."""
    signature = xmlsec.template.create(
        element, xmlsec.constants.TransformExclC14N, xmlsec.constants.TransformRsaSha256, ns="ds"
    )
    element.insert(position, signature)
    reference = xmlsec.template.add_reference(signature, xmlsec.constants.TransformSha256, uri=f"#{element.get('ID')}")
    xmlsec.template.add_transform(reference, xmlsec.constants.TransformEnveloped)
    xmlsec.template.add_transform(reference, xmlsec.constants.TransformExclC14N)
    xmlsec.template.x509_data_add_certificate(xmlsec.template.add_x509_data(xmlsec.template.ensure_key_info(signature)))
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_memory(key, xmlsec.constants.KeyDataFormatPem)
    context.key.load_cert_from_memory(certificate, xmlsec.constants.KeyDataFormatCertPem)
    xmlsec.tree.add_ids(element, ["ID"])
    context.sign(signature)


def sign_bytes(data: bytes, key: str) -> bytes:
    """By RSA and SHA-256 (PKCS #1 v1.5, as the bindings ask for)."""
    return _private_key(key).sign(data, padding.PKCS1v15(), hashes.SHA256())


@lru_cache(maxsize=8)
def _private_key(pem: str) -> "RSAPrivateKey":
    """Kept, since a third of a key's first signature goes into what it needs for the others. Residue accepted: the key
    of a connection that was deleted lies in this process's memory until others take its place, or the process ends.
    """
    # Whether the primes are primes was seen when the key was made; to see it again takes longer than all the rest.
    private = serialization.load_pem_private_key(pem.encode(), None, unsafe_skip_rsa_key_validation=True)
    return cast("RSAPrivateKey", private)


def _the_signature(element: etree._Element) -> etree._Element:
    """The one signature of `element`, if it says in the one allowed form that it signs this element whole."""
    found = element.findall(f"{DS}Signature")
    if not found:
        raise SamlError(Refusal.UNSIGNED)
    signature = found[0]
    tags = [child.tag for child in signature]
    if (
        len(found) > 1
        or tags[:2] != [f"{DS}SignedInfo", f"{DS}SignatureValue"]
        or tags[2:] not in ([], [f"{DS}KeyInfo"])
    ):
        raise SamlError(Refusal.SIGNATURE_FORM)
    info = signature[0]
    if [child.tag for child in info] != [f"{DS}CanonicalizationMethod", f"{DS}SignatureMethod", f"{DS}Reference"]:
        raise SamlError(Refusal.SIGNATURE_FORM)
    canonical, method, reference = info
    # Attack stopped: HMAC with the public key, which everybody has, as its secret; and SHA-1, which has collisions.
    if method.get("Algorithm") not in _SIGNATURES or len(method):
        raise SamlError(Refusal.ALGORITHM)
    if canonical.get("Algorithm") != _EXCLUSIVE or not _holds_prefixes_alone(canonical):
        raise SamlError(Refusal.SIGNATURE_FORM)
    _refuse_other_reference(reference, element.get("ID"))
    return signature


def _refuse_other_reference(reference: etree._Element, own: str | None) -> None:
    """Attack stopped: a reference to something else than the element around the signature, and transforms (XPath,
    XSLT, base64) by which the digest is taken over less, or over another thing, than what is read.
    """
    if not own or reference.get("URI") != f"#{own}":
        raise SamlError(Refusal.SIGNATURE_FORM)
    if [child.tag for child in reference] != [f"{DS}Transforms", f"{DS}DigestMethod", f"{DS}DigestValue"]:
        raise SamlError(Refusal.SIGNATURE_FORM)
    transforms, digest, _ = reference
    if digest.get("Algorithm") not in _DIGESTS:
        raise SamlError(Refusal.ALGORITHM)
    if [transform.get("Algorithm") for transform in transforms] != [_ENVELOPED, _EXCLUSIVE]:
        raise SamlError(Refusal.SIGNATURE_FORM)
    if len(transforms[0]) or not _holds_prefixes_alone(transforms[1]):
        raise SamlError(Refusal.SIGNATURE_FORM)


def _holds_prefixes_alone(canonical: etree._Element) -> bool:
    """Exclusive canonicalisation may be told of prefixes to keep, which only ever puts more under the signature."""
    return [child.tag for child in canonical] in ([], [_PREFIXES])
