"""What a provider's metadata say, and what ours say to a provider."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from lxml import etree
from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser
from onelogin.saml2.xml_utils import OneLogin_Saml2_XML

from muniment.sso.saml.certificates import bare_base64, make_key_pair, read_certificate
from muniment.sso.saml.errors import CertificateRefusedError, MetadataRefusedError, Refusal
from muniment.sso.saml.metadata import our_metadata, read_metadata
from muniment.sso.saml.parsing import DS, MD, parse_metadata
from muniment.sso.saml.signatures import verify
from muniment.sso.saml.types import PERSISTENT
from tests.sso.provider import ACS, ENTITY_ID, NOW, OURS, SLS, Provider, certificate_of, element, key_pair

PROVIDER = Provider()
OTHER = "https://idp.other.example"


def refused(data: bytes, **asked: object) -> MetadataRefusedError:
    with pytest.raises(MetadataRefusedError) as caught:
        read_metadata(data, now=NOW, **asked)  # type: ignore[arg-type]
    return caught.value


def several(*entities: etree._Element) -> etree._Element:
    root = etree.Element(f"{MD}EntitiesDescriptor", nsmap={"md": MD[1:-1]}, ID="_all")
    root.extend(entities)
    return root


def test_what_it_says_is_read() -> None:
    certificates = (PROVIDER.certificate, key_pair("old").certificate, PROVIDER.certificate)
    data = PROVIDER.metadata(certificates=certificates, wants_signed=True, cache_duration="PT6H30M")
    found = read_metadata(data, now=NOW)
    assert found.entity_id == ENTITY_ID
    assert (found.sso_redirect, found.sso_post) == ("https://idp.acme.example/sso", "https://idp.acme.example/sso/post")
    assert (found.slo_redirect, found.slo_response_redirect) == ("https://idp.acme.example/slo",) * 2
    assert (found.slo_post, found.valid_until) == ("", None)
    assert found.certificates == certificates[:2]
    assert found.wants_signed_requests
    assert found.cache_duration == timedelta(hours=6, minutes=30)


def test_the_library_reads_the_same() -> None:
    theirs = OneLogin_Saml2_IdPMetadataParser.parse(PROVIDER.metadata())["idp"]
    found = read_metadata(PROVIDER.metadata(), now=NOW)
    assert theirs["entityId"] == found.entity_id
    assert theirs["singleSignOnService"]["url"] == found.sso_redirect
    assert read_certificate(theirs["x509cert"]).pem == found.certificates[0]


def test_a_provider_that_takes_posts_only_and_signs_nobody_out() -> None:
    found = read_metadata(PROVIDER.metadata(redirect=None, slo=None), now=NOW)
    assert (found.sso_redirect, found.sso_post) == ("", "https://idp.acme.example/sso/post")
    assert found.slo_redirect == ""


def test_answers_to_sign_outs_may_go_elsewhere() -> None:
    root = PROVIDER.metadata_element()
    next(root.iter(f"{MD}SingleLogoutService")).set("ResponseLocation", "https://idp.acme.example/slo/answers")
    found = read_metadata(etree.tostring(root), now=NOW)
    assert found.slo_redirect == "https://idp.acme.example/slo"
    assert found.slo_response_redirect == "https://idp.acme.example/slo/answers"


def test_one_of_several_is_chosen_by_name() -> None:
    data = etree.tostring(several(PROVIDER.metadata_element(), Provider("third").metadata_element(OTHER)))
    error = refused(data)
    assert (error.reason, error.providers) == (Refusal.SEVERAL_PROVIDERS, (ENTITY_ID, OTHER))
    found = read_metadata(data, now=NOW, entity_id=OTHER)
    assert (found.entity_id, found.certificates) == (OTHER, (key_pair("third").certificate,))
    assert refused(data, entity_id="https://idp.nobody.example").reason is Refusal.NO_PROVIDER


def test_two_of_one_name_are_not_chosen_between() -> None:
    again = Provider("mallory").metadata_element()
    again.set("ID", "_again")
    data = etree.tostring(several(PROVIDER.metadata_element(), again))
    assert refused(data, entity_id=ENTITY_ID).reason is Refusal.SEVERAL_PROVIDERS


def test_a_name_that_was_typed_must_be_the_one_inside() -> None:
    assert read_metadata(PROVIDER.metadata(), now=NOW, entity_id=ENTITY_ID).entity_id == ENTITY_ID
    assert refused(PROVIDER.metadata(), entity_id=OTHER).reason is Refusal.NO_PROVIDER


def test_what_is_over_is_refused() -> None:
    assert read_metadata(PROVIDER.metadata(valid_until="2026-11-28T00:00:00Z"), now=NOW).valid_until == datetime(
        2026, 11, 28, tzinfo=UTC
    )
    assert refused(PROVIDER.metadata(valid_until="2026-11-27T11:58:00Z")).reason is Refusal.EXPIRED
    assert refused(PROVIDER.metadata(valid_until="tomorrow")).reason is Refusal.TIME
    around = several(PROVIDER.metadata_element())
    around.set("validUntil", "2026-11-27T11:58:00Z")
    assert refused(etree.tostring(around)).reason is Refusal.EXPIRED


def test_with_a_signer_a_signature_is_needed() -> None:
    signers = (key_pair("old").certificate, PROVIDER.certificate)
    assert read_metadata(PROVIDER.metadata(signed=True), now=NOW, signer_certificates=signers).entity_id == ENTITY_ID
    assert refused(PROVIDER.metadata(), signer_certificates=signers).reason is Refusal.UNSIGNED
    stranger = Provider("mallory").metadata(signed=True)
    assert refused(stranger, signer_certificates=signers).reason is Refusal.SIGNATURE
    changed = PROVIDER.metadata(signed=True).replace(b"https://idp.acme.example/sso", b"https://idp.evil.example/sso")
    assert refused(changed, signer_certificates=signers).reason is Refusal.SIGNATURE


def test_a_federation_signs_for_all_and_a_neighbours_signature_for_nobody_else() -> None:
    signers = (key_pair("old").certificate,)
    root = several(PROVIDER.metadata_element(), Provider("third").metadata_element(OTHER))
    Provider("old").sign(root)
    data = etree.tostring(root)
    assert read_metadata(data, now=NOW, entity_id=OTHER, signer_certificates=signers).entity_id == OTHER
    neighbour = Provider("third").metadata_element(OTHER)
    Provider("old").sign(neighbour)
    data = etree.tostring(several(PROVIDER.metadata_element(), neighbour))
    assert read_metadata(data, now=NOW, entity_id=OTHER, signer_certificates=signers).entity_id == OTHER
    assert refused(data, entity_id=ENTITY_ID, signer_certificates=signers).reason is Refusal.UNSIGNED


@pytest.mark.parametrize(
    "address",
    [
        "http://idp.acme.example/sso",
        "http://127.0.0.1.evil.example/sso",
        "javascript:alert(1)//https://x",
        "java\tscript:alert(1)",
        "file:///etc/passwd",
        "//idp.acme.example/sso",
        "https://user@idp.acme.example/sso",
        "https://idp.acme.example/sso#x",
        "https:///sso",
        "https://idp.acme.example/s so",
        'https://idp.acme.example/sso?a="b c',
        "https://idp.acme\t.example/sso",
        "",
    ],
)
def test_addresses_no_browser_is_sent_to(address: str) -> None:
    root = PROVIDER.metadata_element(post=None)
    service = next(root.iter(f"{MD}SingleSignOnService"))
    service.set("Location", address)
    assert refused(etree.tostring(root)).reason is Refusal.ADDRESS


@pytest.mark.parametrize(
    "address", ["https://accounts.example/saml2/idp?idpid=C01", "http://127.0.0.1:9200/sso", "http://localhost:7000/"]
)
def test_addresses_that_are_taken(address: str) -> None:
    assert read_metadata(PROVIDER.metadata(redirect=address), now=NOW).sso_redirect == address


def test_an_unsafe_address_is_left_out_beside_a_safe_one() -> None:
    assert read_metadata(PROVIDER.metadata(redirect="http://idp.acme.example/sso"), now=NOW).sso_redirect == ""


def test_document_types_are_refused_and_comments_are_not() -> None:
    plain = PROVIDER.metadata()
    assert read_metadata(b"<!-- of ACME -->" + plain, now=NOW).entity_id == ENTITY_ID
    assert refused(b'<!DOCTYPE a SYSTEM "file:///etc/passwd">' + plain).reason is Refusal.FORBIDDEN_MARKUP
    assert refused('<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a>'.encode("utf-16")).reason is Refusal.UNREADABLE
    assert refused(b"no xml").reason is Refusal.UNREADABLE
    assert refused(b"<a/>").reason is Refusal.NO_PROVIDER
    assert refused(b" " * (8 * 1024 * 1024 + 1)).reason is Refusal.TOO_LARGE


def test_a_service_is_no_provider() -> None:
    ours = our_metadata(entity_id=OURS, acs_url=ACS, sls_url=SLS, key=key_pair("ours"))
    assert refused(ours).reason is Refusal.NO_PROVIDER


def test_one_certificate_that_can_be_used_is_enough() -> None:
    root = PROVIDER.metadata_element()
    role = next(root.iter(f"{MD}IDPSSODescriptor"))
    broken = element(element(role, f"{MD}KeyDescriptor"), f"{DS}KeyInfo")
    element(element(broken, f"{DS}X509Data"), f"{DS}X509Certificate", "bm9uZQ==")
    assert read_metadata(etree.tostring(root), now=NOW).certificates == (PROVIDER.certificate,)
    assert refused(PROVIDER.metadata(certificates=())).reason is Refusal.CERTIFICATE


def test_ours_say_all_that_a_provider_needs_and_are_signed() -> None:
    key = key_pair("ours")
    data = our_metadata(entity_id=OURS, acs_url=ACS, sls_url=SLS, key=key)
    assert not isinstance(OneLogin_Saml2_XML.validate_xml(data, "saml-schema-metadata-2.0.xsd"), str)
    root = parse_metadata(data)
    verify(root, (key.certificate,))
    consumer, logout = next(root.iter(f"{MD}AssertionConsumerService")), next(root.iter(f"{MD}SingleLogoutService"))
    assert (consumer.get("Location"), logout.get("Location"), root.get("entityID")) == (ACS, SLS, OURS)
    role = next(root.iter(f"{MD}SPSSODescriptor"))
    assert (role.get("WantAssertionsSigned"), role.get("AuthnRequestsSigned")) == ("true", "true")
    assert role.findtext(f"{MD}NameIDFormat") == PERSISTENT
    descriptors = list(root.iter(f"{MD}KeyDescriptor"))
    assert [descriptor.get("use") for descriptor in descriptors] == ["signing", "encryption"]
    assert {next(descriptor.iter(f"{DS}X509Certificate")).text for descriptor in descriptors} == {
        bare_base64(key.certificate)
    }


def test_a_certificate_in_every_spelling_is_one() -> None:
    pem = PROVIDER.certificate
    der = base64.b64decode(bare_base64(pem))
    folded = "\n".join([bare_base64(pem)[:70], "  " + bare_base64(pem)[70:]])
    found = {read_certificate(spelling) for spelling in (pem, pem.encode(), der, bare_base64(pem), folded, f"x\n{pem}")}
    assert len(found) == 1
    certificate = found.pop()
    assert certificate.pem == pem
    assert certificate.fingerprint == x509.load_pem_x509_certificate(pem.encode()).fingerprint(hashes.SHA256()).hex()


def test_a_pair_of_our_own_lasts_ten_years() -> None:
    private, pem = make_key_pair("Sign-in of ACME" * 9)
    key = serialization.load_pem_private_key(private.encode(), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    assert key.key_size == 3072
    certificate = x509.load_pem_x509_certificate(pem.encode())
    assert certificate.public_key() == key.public_key()
    assert read_certificate(pem).expires - certificate.not_valid_before_utc == timedelta(days=3652)


def test_weak_keys_and_other_things_are_no_certificates() -> None:
    assert read_certificate(certificate_of(ec.generate_private_key(ec.SECP256R1()))).name == "CN=idp"
    assert read_certificate(certificate_of(rsa.generate_private_key(65537, 2048))).expires == NOW + timedelta(days=1)
    weak = certificate_of(rsa.generate_private_key(65537, 1024))  # noqa: S505 - refused below
    narrow = certificate_of(ec.generate_private_key(ec.SECP224R1()))
    for junk in (weak, narrow, "", "none", b"\x30\x82", "A" * 100_000, key_pair("ours").private):
        with pytest.raises(CertificateRefusedError):
            read_certificate(junk)
