"""A handmade SAML identity provider: everything it says can be said wrong, by keyword.

    provider = Provider()                       # its keys are made once for the whole session
    answer = Answer(name_id="anna@acme.example")  # a good response, to be changed: Answer(audience="https://other")
    field = provider.response(answer)           # what the browser posts as SAMLResponse
    who = read_response(field, expected=expected(answer), now=NOW)

`provider.response` takes the way in which it is signed and encrypted; `provider.response_element` gives the tree before
it is signed, for attacks that rebuild it; `provider.sign` and `encoded` finish such a tree.
"""

import base64
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import xmlsec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from lxml import etree
from xmlsec import constants

from muniment.sso.saml.bindings import form_fields, redirect_address
from muniment.sso.saml.certificates import bare_base64, make_key_pair
from muniment.sso.saml.parsing import DS, MD, SAML, SAMLP
from muniment.sso.saml.times import write_time
from muniment.sso.saml.types import EMAIL, Expected, LogoutExpected, OurKey

NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
ENTITY_ID = "https://idp.acme.example/metadata"
OURS = "https://muniment.example/sso/c1/metadata"
ACS = "https://muniment.example/sso/c1/acs"
SLS = "https://muniment.example/sso/c1/sls"
REQUEST = "_request-of-this-browser"
SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"
BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
PREFIXES = {"samlp": SAMLP[1:-1], "saml": SAML[1:-1]}


@cache
def key_pair(name: str) -> OurKey:
    """The same for a name throughout the session; each takes a second to make."""
    return OurKey(*make_key_pair(name))


def certificate_of(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    """A certificate (PEM) of any key, weak ones as well."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "idp")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, NOW, NOW + timedelta(days=1))
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()


@dataclass(frozen=True)
class Answer:
    """A response and its assertion. Times are seconds from `NOW`; None leaves the thing out."""

    name_id: str | None = "anna@acme.example"
    name_id_format: str = EMAIL
    attributes: dict[str, tuple[str, ...]] = field(default_factory=lambda: {"mail": ("anna@acme.example",)})
    session_index: str = "_session-1"
    response_id: str = "_response"
    assertion_id: str = "_assertion"
    issuer: str = ENTITY_ID
    response_issuer: str | None = ENTITY_ID
    status: str = SUCCESS
    audience: str | None = OURS
    destination: str | None = ACS
    recipient: str | None = ACS
    method: str = BEARER
    response_request: str | None = REQUEST
    """InResponseTo of the response."""
    confirmed_request: str | None = REQUEST
    """InResponseTo inside of the assertion."""
    not_before: float | None = -60
    not_on_or_after: float | None = 300
    confirmed_until: float | None = 300
    """NotOnOrAfter of the confirmation."""
    authn_instant: float = -5
    session_until: float | None = 8 * 3600
    issued: float = -1
    now: datetime = NOW

    def at(self, seconds: float) -> str:
        return write_time(self.now + timedelta(seconds=seconds))


def expected(answer: Answer | None = None, **changes: Any) -> Expected:
    """What our side expects of the provider's good answers."""
    request = (answer or Answer()).response_request
    fields: dict[str, Any] = {
        "entity_id": OURS,
        "acs_url": ACS,
        "provider": ENTITY_ID,
        "certificates": (key_pair("provider").certificate,),
        "request_id": request,
        "private_key": key_pair("ours").private,
    }
    return Expected(**{**fields, **changes})


def logout_expected(**changes: Any) -> LogoutExpected:
    fields = {"destination": SLS, "provider": ENTITY_ID, "certificates": (key_pair("provider").certificate,)}
    return LogoutExpected(**{**fields, **changes})


def encoded(root: etree._Element | bytes) -> str:
    """As the form's field."""
    return base64.b64encode(root if isinstance(root, bytes) else etree.tostring(root)).decode()


def element(parent: etree._Element | None, tag: str, text: str | None = None, **attributes: Any) -> etree._Element:
    made = etree.Element(tag, nsmap=PREFIXES) if parent is None else etree.SubElement(parent, tag)
    made.text = text
    for name, value in attributes.items():
        if value is not None:
            made.set(name, str(value))
    return made


@dataclass(frozen=True)
class Provider:
    """`key`: the name of the key pair that it signs with."""

    key: str = "provider"

    @property
    def certificate(self) -> str:
        return key_pair(self.key).certificate

    def response(
        self,
        answer: Answer | None = None,
        *,
        signed: tuple[str, ...] = ("assertion",),
        encrypted: bool = False,
        transport: Any = constants.TransformRsaOaep,
        cipher: Any = constants.TransformAes256Gcm,
        **signing: Any,
    ) -> str:
        """`signed`: "assertion", "response", both, or neither; `signing`: as for `sign`."""
        root = self.response_element(answer)
        if "assertion" in signed:
            self.sign(assertion_in(root), **signing)
        if encrypted:
            encrypt(root, transport=transport, cipher=cipher)
        if "response" in signed:
            self.sign(root, **signing)
        return encoded(root)

    def response_element(self, answer: Answer | None = None) -> etree._Element:
        """The unsigned tree."""
        said = answer or Answer()
        root = element(None, f"{SAMLP}Response", ID=said.response_id, Version="2.0", IssueInstant=said.at(said.issued))
        for name, value in {"Destination": said.destination, "InResponseTo": said.response_request}.items():
            if value is not None:
                root.set(name, value)
        if said.response_issuer is not None:
            element(root, f"{SAML}Issuer", said.response_issuer)
        status = element(root, f"{SAMLP}Status")
        element(status, f"{SAMLP}StatusCode", Value=said.status)
        _add_assertion(root, said)
        return root

    def sign(
        self,
        signed: etree._Element,
        *,
        method: Any = constants.TransformRsaSha256,
        digest: Any = constants.TransformSha256,
        transforms: tuple[Any, ...] = (constants.TransformEnveloped, constants.TransformExclC14N),
        canonical: Any = constants.TransformExclC14N,
        key: xmlsec.Key | None = None,
        uri: str | None = None,
        prefixes: str = "",
        position: int | None = None,
    ) -> etree._Element:
        """Sign `signed`, by default as providers do: enveloped, after its issuer. Returns the signature."""
        signature = xmlsec.template.create(signed, canonical, method, ns="ds")
        after_issuer = 1 if signed.find(f"{SAML}Issuer") is not None else 0
        signed.insert(after_issuer if position is None else position, signature)
        own = f"#{signed.get('ID')}" if uri is None else uri
        reference = xmlsec.template.add_reference(signature, digest, uri=own)
        for transform in transforms:
            made = xmlsec.template.add_transform(reference, transform)
        if prefixes:  # of the last transform
            xmlsec.template.transform_add_c14n_inclusive_namespaces(made, prefixes)
        pair = key_pair(self.key)
        context = xmlsec.SignatureContext()
        if key is not None:
            context.key = key
        else:
            held = xmlsec.template.add_x509_data(xmlsec.template.ensure_key_info(signature))
            xmlsec.template.x509_data_add_certificate(held)
            context.key = xmlsec.Key.from_memory(pair.private, constants.KeyDataFormatPem)
            context.key.load_cert_from_memory(pair.certificate, constants.KeyDataFormatCertPem)
        xmlsec.tree.add_ids(signed.getroottree().getroot(), ["ID"])
        context.sign(signature)
        return signature

    def metadata_element(self, entity_id: str = ENTITY_ID, **said: Any) -> etree._Element:
        """`said`: certificates, redirect, post, slo (addresses, None for not there), valid_until, cache_duration,
        wants_signed.
        """
        entity = etree.Element(f"{MD}EntityDescriptor", nsmap={"md": MD[1:-1], "ds": DS[1:-1]})
        entity.set("ID", f"_{abs(hash(entity_id))}")
        entity.set("entityID", entity_id)
        for name, key in {"validUntil": "valid_until", "cacheDuration": "cache_duration"}.items():
            if key in said:
                entity.set(name, said[key])
        role = element(entity, f"{MD}IDPSSODescriptor", protocolSupportEnumeration=SAMLP[1:-1])
        if said.get("wants_signed"):
            role.set("WantAuthnRequestsSigned", "true")
        for certificate in said.get("certificates", (self.certificate,)):
            info = element(element(role, f"{MD}KeyDescriptor", use="signing"), f"{DS}KeyInfo")
            element(element(info, f"{DS}X509Data"), f"{DS}X509Certificate", bare_base64(certificate))
        binding = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-"
        slo = said.get("slo", "https://idp.acme.example/slo")
        if slo:
            element(role, f"{MD}SingleLogoutService", Binding=f"{binding}Redirect", Location=slo)
        addresses = {
            "Redirect": said.get("redirect", "https://idp.acme.example/sso"),
            "POST": said.get("post", "https://idp.acme.example/sso/post"),
        }
        for kind, address in addresses.items():
            if address:
                element(role, f"{MD}SingleSignOnService", Binding=f"{binding}{kind}", Location=address)
        return entity

    def metadata(self, entity_id: str = ENTITY_ID, *, signed: bool = False, **said: Any) -> bytes:
        entity = self.metadata_element(entity_id, **said)
        if signed:
            self.sign(entity)
        return etree.tostring(entity)

    def logout_request_element(self, **said: Any) -> etree._Element:
        """`said`: id, issuer, destination, name_id, session_indexes, issued and until (seconds from NOW)."""
        root = self._logout_element("LogoutRequest", said)
        if said.get("until") is not None:
            root.set("NotOnOrAfter", Answer().at(said["until"]))
        element(root, f"{SAML}NameID", said.get("name_id", "anna@acme.example"), Format=EMAIL)
        for index in said.get("session_indexes", ("_session-1",)):
            element(root, f"{SAMLP}SessionIndex", index)
        return root

    def logout_response_element(self, **said: Any) -> etree._Element:
        """`said`: id, issuer, destination, request_id, status, issued."""
        root = self._logout_element("LogoutResponse", said)
        if said.get("request_id", REQUEST) is not None:
            root.set("InResponseTo", said.get("request_id", REQUEST))
        element(element(root, f"{SAMLP}Status"), f"{SAMLP}StatusCode", Value=said.get("status", SUCCESS))
        return root

    def by_redirect(self, root: etree._Element, *, relay_state: str = "", field: str = "") -> str:
        """The query string, signed."""
        name = field or ("SAMLRequest" if root.tag == f"{SAMLP}LogoutRequest" else "SAMLResponse")
        private = key_pair(self.key).private
        address = redirect_address(root, address=SLS, field=name, private_key=private, relay_state=relay_state)
        return address.removeprefix(f"{SLS}?")

    def by_post(self, root: etree._Element, *, signed: bool = True, **signing: Any) -> str:
        """The form's field, signed inside."""
        if signed:
            self.sign(root, **signing)
        return form_fields(root, field="message", relay_state="")["message"]

    def _logout_element(self, kind: str, said: dict[str, Any]) -> etree._Element:
        root = element(None, f"{SAMLP}{kind}", ID=said.get("id", "_logout"), Version="2.0")
        root.set("IssueInstant", Answer().at(said.get("issued", -1)))
        if said.get("destination", SLS) is not None:
            root.set("Destination", said.get("destination", SLS))
        element(root, f"{SAML}Issuer", said.get("issuer", ENTITY_ID))
        return root


def assertion_in(root: etree._Element) -> etree._Element:
    found = root.find(f"{SAML}Assertion")
    assert found is not None
    return found


def encrypt(
    root: etree._Element,
    *,
    transport: Any = constants.TransformRsaOaep,
    cipher: Any = constants.TransformAes256Gcm,
    certificate: str | None = None,
) -> None:
    """Replace the assertion in `root` by itself, encrypted to our key or to another certificate."""
    assertion = assertion_in(root)
    around = etree.Element(f"{SAML}EncryptedAssertion")
    root.replace(assertion, around)
    around.append(assertion)
    manager = xmlsec.KeysManager()
    pem = certificate or key_pair("ours").certificate
    manager.add_key(xmlsec.Key.from_memory(pem, constants.KeyDataFormatCertPem))
    data = xmlsec.template.encrypted_data_create(around, cipher, type=constants.TypeEncElement, ns="xenc")
    xmlsec.template.encrypted_data_ensure_cipher_value(data)
    info = xmlsec.template.encrypted_data_ensure_key_info(data, ns="ds")
    carried = xmlsec.template.add_encrypted_key(info, transport)
    xmlsec.template.encrypted_data_ensure_cipher_value(carried)
    context = xmlsec.EncryptionContext(manager)
    size = 256 if cipher in {constants.TransformAes256Gcm, constants.TransformAes256Cbc} else 128
    context.key = xmlsec.Key.generate(constants.KeyDataAes, size, constants.KeyDataTypeSession)
    context.encrypt_xml(data, assertion)


def _add_assertion(root: etree._Element, said: Answer) -> None:
    assertion = element(
        root, f"{SAML}Assertion", ID=said.assertion_id, Version="2.0", IssueInstant=said.at(said.issued)
    )
    element(assertion, f"{SAML}Issuer", said.issuer)
    subject = element(assertion, f"{SAML}Subject")
    if said.name_id is not None:
        element(subject, f"{SAML}NameID", said.name_id, Format=said.name_id_format)
    confirmation = element(subject, f"{SAML}SubjectConfirmation", Method=said.method)
    element(
        confirmation,
        f"{SAML}SubjectConfirmationData",
        Recipient=said.recipient,
        InResponseTo=said.confirmed_request,
        NotOnOrAfter=None if said.confirmed_until is None else said.at(said.confirmed_until),
    )
    conditions = element(
        assertion,
        f"{SAML}Conditions",
        NotBefore=None if said.not_before is None else said.at(said.not_before),
        NotOnOrAfter=None if said.not_on_or_after is None else said.at(said.not_on_or_after),
    )
    if said.audience is not None:
        element(element(conditions, f"{SAML}AudienceRestriction"), f"{SAML}Audience", said.audience)
    statement = element(
        assertion,
        f"{SAML}AuthnStatement",
        AuthnInstant=said.at(said.authn_instant),
        SessionIndex=said.session_index,
        SessionNotOnOrAfter=None if said.session_until is None else said.at(said.session_until),
    )
    context = element(statement, f"{SAML}AuthnContext")
    element(context, f"{SAML}AuthnContextClassRef", "urn:oasis:names:tc:SAML:2.0:ac:classes:Password")
    if said.attributes:
        attributes = element(assertion, f"{SAML}AttributeStatement")
        for name, values in said.attributes.items():
            attribute = element(attributes, f"{SAML}Attribute", Name=name)
            for value in values:
                element(attribute, f"{SAML}AttributeValue", value)
