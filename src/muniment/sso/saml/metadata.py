"""What a provider says of itself, and what we say of ourselves (saml-metadata-2.0-os)."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from lxml import etree

from muniment.core.ids import new_id
from muniment.core.network.addresses import split_address
from muniment.core.network.errors import AddressError
from muniment.sso.saml.certificates import bare_base64, read_certificate
from muniment.sso.saml.errors import CertificateRefusedError, MetadataRefusedError, Refusal, SamlError
from muniment.sso.saml.parsing import DS, MD, SAMLP, parse_metadata, text_of
from muniment.sso.saml.signatures import is_signed, sign, verify
from muniment.sso.saml.times import optional_time, refuse_past
from muniment.sso.saml.types import EMAIL, PERSISTENT, POST, REDIRECT, UNSPECIFIED, OurKey, ProviderMetadata

_LONGEST_ENTITY_ID = 1024  # core, 8.3.6
_PRINTABLE = re.compile(r"[!-~]+")
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_DURATION = re.compile(r"P(?:(\d{1,4})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,8})M)?(?:(\d{1,9})(?:\.\d+)?S)?)?", re.ASCII)
_OPENED = (
    "http://www.w3.org/2009/xmlenc11#aes256-gcm",
    "http://www.w3.org/2009/xmlenc11#aes128-gcm",
    "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p",
)
"""What we ask to be encrypted with, the best first; `encryption` opens AES-CBC, too."""


def read_metadata(
    data: bytes, *, now: datetime, entity_id: str | None = None, signer_certificates: Iterable[str] = ()
) -> ProviderMetadata:
    """The one provider in `data`, or the one named `entity_id`. Raises MetadataRefusedError.

    `signer_certificates`: PEM, of whoever vouches for the file (a federation, or the provider); with them, the file or
    the provider's part of it must be signed by one of them. Without them a signature is not looked at, since its
    certificate would come along with it: then the way the bytes came is what they are believed for.
    """
    try:
        root = parse_metadata(data)
        entity = _chosen(root, entity_id)
        signers = tuple(signer_certificates)
        if signers:
            verify(root if is_signed(root) else entity, signers)
        return _provider(entity, now)
    except MetadataRefusedError:
        raise
    except SamlError as error:
        raise MetadataRefusedError(error.reason) from None


def our_metadata(*, entity_id: str, acs_url: str, sls_url: str, key: OurKey) -> bytes:
    """What a provider needs to know of one connection, signed with the connection's own key."""
    entity = etree.Element(f"{MD}EntityDescriptor", nsmap={"md": MD[1:-1]})
    entity.set("ID", f"_{new_id()}")
    entity.set("entityID", entity_id)
    ours = etree.SubElement(entity, f"{MD}SPSSODescriptor")
    ours.set("AuthnRequestsSigned", "true")
    ours.set("WantAssertionsSigned", "true")
    ours.set("protocolSupportEnumeration", SAMLP[1:-1])
    for use in ("signing", "encryption"):
        _add_key(ours, use, key.certificate)
    etree.SubElement(ours, f"{MD}SingleLogoutService", Binding=REDIRECT, Location=sls_url)
    for name_id_format in (PERSISTENT, EMAIL, UNSPECIFIED):  # Keycloak sets a client to the first
        etree.SubElement(ours, f"{MD}NameIDFormat").text = name_id_format
    consumer = etree.SubElement(ours, f"{MD}AssertionConsumerService", Binding=POST, Location=acs_url)
    consumer.set("index", "0")
    consumer.set("isDefault", "true")
    sign(entity, key=key.private, certificate=key.certificate, position=0)
    return etree.tostring(entity, encoding="UTF-8", xml_declaration=True)


def _add_key(ours: etree._Element, use: str, certificate: str) -> None:
    descriptor = etree.SubElement(ours, f"{MD}KeyDescriptor", use=use)
    info = etree.SubElement(descriptor, f"{DS}KeyInfo", nsmap={"ds": DS[1:-1]})
    held = etree.SubElement(etree.SubElement(info, f"{DS}X509Data"), f"{DS}X509Certificate")
    held.text = bare_base64(certificate)
    if use == "encryption":
        for method in _OPENED:
            etree.SubElement(descriptor, f"{MD}EncryptionMethod", Algorithm=method)


def _chosen(root: etree._Element, entity_id: str | None) -> etree._Element:
    if root.tag not in {f"{MD}EntityDescriptor", f"{MD}EntitiesDescriptor"}:
        raise SamlError(Refusal.NO_PROVIDER)
    providers = [entity for entity in root.iter(f"{MD}EntityDescriptor") if _role(entity) is not None]
    if entity_id is not None:
        providers = [entity for entity in providers if entity.get("entityID") == entity_id]
    if len(providers) > 1:
        raise MetadataRefusedError(Refusal.SEVERAL_PROVIDERS, tuple(sorted(map(_entity_id, providers))))
    if not providers or not 0 < len(_entity_id(providers[0])) <= _LONGEST_ENTITY_ID:
        raise SamlError(Refusal.NO_PROVIDER)
    return providers[0]


def _entity_id(entity: etree._Element) -> str:
    return entity.get("entityID", "")


def _role(entity: etree._Element) -> etree._Element | None:
    for role in entity.iterfind(f"{MD}IDPSSODescriptor"):
        if SAMLP[1:-1] in role.get("protocolSupportEnumeration", "").split():
            return role
    return None


def _provider(entity: etree._Element, now: datetime) -> ProviderMetadata:
    role = _role(entity)
    if role is None:
        raise SamlError(Refusal.NO_PROVIDER)
    around = [entity, role, *entity.iterancestors()]
    ends = [end for element in around if (end := optional_time(element.get("validUntil")))]
    for end in ends:
        refuse_past(end, now)
    kept = [found for element in around if (found := _duration(element.get("cacheDuration"))) is not None]
    sso = dict(_addresses(role, "SingleSignOnService", "Location"))
    if not sso:
        raise SamlError(Refusal.ADDRESS)
    slo = dict(_addresses(role, "SingleLogoutService", "Location"))
    answers = {**slo, **dict(_addresses(role, "SingleLogoutService", "ResponseLocation"))}
    return ProviderMetadata(
        entity_id=_entity_id(entity),
        sso_redirect=sso.get(REDIRECT, ""),
        sso_post=sso.get(POST, ""),
        slo_redirect=slo.get(REDIRECT, ""),
        slo_post=slo.get(POST, ""),
        slo_response_redirect=answers.get(REDIRECT, ""),
        slo_response_post=answers.get(POST, ""),
        certificates=_certificates(role),
        wants_signed_requests=role.get("WantAuthnRequestsSigned", "").strip() in {"true", "1"},
        valid_until=min(ends, default=None),
        cache_duration=min(kept, default=None),
    )


def _addresses(role: etree._Element, service: str, attribute: str) -> Iterator[tuple[str, str]]:
    """Binding and address. Attack stopped: metadata that send browsers to `javascript:`, or over clear text."""
    for element in reversed(role.findall(f"{MD}{service}")):  # the first of a binding counts: it is put in last
        binding, address = element.get("Binding", ""), element.get(attribute, "").strip()
        if binding in {REDIRECT, POST} and is_safe_address(address):
            yield binding, address


def is_safe_address(address: str) -> bool:
    """Whether a browser may be sent there: https, or http on this machine."""
    if not _PRINTABLE.fullmatch(address):  # urlsplit would drop tabs and line ends without a word
        return False
    try:
        target, _ = split_address(urlsplit(address)._replace(query="").geturl())
    except (AddressError, ValueError):
        return False
    return target.scheme == "https" or (target.scheme == "http" and target.host in _LOOPBACK)


def _certificates(role: etree._Element) -> tuple[str, ...]:
    """Of the keys that sign, each once. One that cannot be used is passed over while another can."""
    found: dict[str, None] = {}
    for descriptor in role.iterfind(f"{MD}KeyDescriptor"):
        if descriptor.get("use", "signing") != "signing":
            continue
        for held in descriptor.iterfind(f"{DS}KeyInfo/{DS}X509Data/{DS}X509Certificate"):
            try:
                found[read_certificate(text_of(held)).pem] = None
            except CertificateRefusedError:
                continue
    if not found:
        raise SamlError(Refusal.CERTIFICATE)
    return tuple(found)


def _duration(written: str | None) -> timedelta | None:
    """xs:duration without years and months, whose length is not said; others are as good as none."""
    found = _DURATION.fullmatch(written or "")
    if not found or not any(found.groups()):
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
