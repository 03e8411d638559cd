"""Certificates of providers, and the key pair a connection has of its own.

A certificate carries a key that was agreed upon (saml-metadata-2.0-os, 2.4.1.1): nobody's signature under it is asked
for, and its end is for the administrator to see, not a reason to refuse.
"""

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from muniment.core import clock
from muniment.sso.saml.errors import CertificateRefusedError

_PEM = re.compile(rb"-----BEGIN CERTIFICATE-----(.+?)-----END CERTIFICATE-----", re.DOTALL)
_LONGEST = 64 * 1024  # bytes
_SMALLEST_RSA = 2048  # bits; NIST SP 800-131A has refused less since 2014
_OWN_RSA = 3072
_OWN_LIFETIME = timedelta(days=3652)


@dataclass(frozen=True, slots=True)
class Certificate:
    pem: str
    """One spelling for each certificate: two are the same if their PEMs are."""
    fingerprint: str
    """SHA-256 of the DER, lower-case hexadecimal."""
    expires: datetime
    name: str
    """Its subject, for people."""


def read_certificate(data: bytes | str) -> Certificate:
    """PEM, DER, or base64 without its armour, as metadata and consoles show it. Raises CertificateRefusedError."""
    found = _loaded(data.encode() if isinstance(data, str) else data)
    return Certificate(
        pem=found.public_bytes(serialization.Encoding.PEM).decode(),
        fingerprint=found.fingerprint(hashes.SHA256()).hex(),
        expires=found.not_valid_after_utc,
        name=found.subject.rfc4514_string(),
    )


def public_key(pem: str) -> rsa.RSAPublicKey | ec.EllipticCurvePublicKey:
    """Raises CertificateRefusedError."""
    return _strong_key(_loaded(pem.encode()))


def bare_base64(pem: str) -> str:
    """As ds:X509Certificate holds it."""
    return base64.b64encode(_loaded(pem.encode()).public_bytes(serialization.Encoding.DER)).decode()


def make_key_pair(name: str) -> tuple[str, str]:
    """Private key (PKCS #8) and certificate, both PEM, for one connection: it signs what we send and opens what is
    encrypted to us.
    """
    key = rsa.generate_private_key(public_exponent=65537, key_size=_OWN_RSA)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])
    begin = clock.now().astimezone(UTC) - timedelta(days=1)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + _OWN_LIFETIME)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private.decode(), certificate.public_bytes(serialization.Encoding.PEM).decode()


def _loaded(data: bytes) -> x509.Certificate:
    if len(data) > _LONGEST:
        raise CertificateRefusedError
    try:
        found = x509.load_der_x509_certificate(_der(data))
        _strong_key(found)
    except (ValueError, x509.InvalidVersion):
        raise CertificateRefusedError from None
    return found


def _der(data: bytes) -> bytes:
    """Raises ValueError."""
    armoured = _PEM.search(data)
    if not armoured and data.startswith(b"\x30\x82"):
        return data
    try:
        return base64.b64decode(b"".join((armoured[1] if armoured else data).split()), validate=True)
    except binascii.Error as error:
        raise ValueError("no base64") from error


def _strong_key(certificate: x509.Certificate) -> rsa.RSAPublicKey | ec.EllipticCurvePublicKey:
    key = certificate.public_key()
    if isinstance(key, ec.EllipticCurvePublicKey) and key.key_size >= 256:
        return key
    if isinstance(key, rsa.RSAPublicKey) and key.key_size >= _SMALLEST_RSA:
        return key
    raise CertificateRefusedError
