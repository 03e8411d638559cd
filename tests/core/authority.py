"""A certificate authority of a test's own, and certificates of it for servers on loopback."""

import ssl  # noqa: TID251 - the other side of the door
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from muniment.core.clock import now


class Authority:
    """`file` holds its own certificate, for the store of who trusts it."""

    def __init__(self, folder: Path) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name("Authority of a test")
        self._folder = folder
        self.file = folder / "authority.pem"
        own = self._certificate(self._name, self._key, x509.BasicConstraints(ca=True, path_length=None), critical=True)
        self.file.write_bytes(own.public_bytes(serialization.Encoding.PEM))

    def server(self, host: str) -> ssl.SSLContext:
        """For a server that proves to be `host`, a name or an IP address."""
        key = ec.generate_private_key(ec.SECP256R1())
        alternative: x509.GeneralName = x509.DNSName(host)
        if host.replace(".", "").isdecimal():
            alternative = x509.IPAddress(ip_address(host))
        certificate = self._certificate(_name(host), key, x509.SubjectAlternativeName([alternative]), critical=False)
        pem = self._folder / f"{host}.pem"
        pem.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem)
        return context

    def _certificate(
        self, subject: x509.Name, key: ec.EllipticCurvePrivateKey, extension: x509.ExtensionType, *, critical: bool
    ) -> x509.Certificate:
        made = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now() - timedelta(hours=1))
            .not_valid_after(now() + timedelta(hours=1))
            .add_extension(extension, critical=critical)
        )
        return made.sign(self._key, hashes.SHA256())


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])
