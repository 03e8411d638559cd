"""How messages travel through a browser: in a form, or deflated and signed in a query (saml-bindings-2.0, 3.4-3.5)."""

import base64
import binascii
import zlib
from urllib.parse import quote, unquote_plus

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from lxml import etree

from muniment.sso.saml.certificates import public_key
from muniment.sso.saml.errors import Refusal, SamlError
from muniment.sso.saml.parsing import LARGEST_MESSAGE
from muniment.sso.saml.signatures import sign_bytes

REQUEST = "SAMLRequest"
RESPONSE = "SAMLResponse"

_MORE = "http://www.w3.org/2001/04/xmldsig-more#"
_RSA_SHA256 = f"{_MORE}rsa-sha256"
_HASHES: dict[str, hashes.HashAlgorithm] = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}
_DEFLATE = "urn:oasis:names:tc:SAML:2.0:bindings:URL-Encoding:DEFLATE"
_LONGEST_QUERY = 64 * 1024  # characters; more than browsers and servers carry


def posted(encoded: bytes | str) -> bytes:
    """The XML of a form's field. Raises SamlError."""
    data = _ascii(encoded) if isinstance(encoded, str) else encoded
    if len(data) > 2 * LARGEST_MESSAGE:
        raise SamlError(Refusal.TOO_LARGE)
    return _from_base64(data)


def redirected(query: str, field: str, certificates: tuple[str, ...]) -> tuple[bytes, str]:
    """The XML and the relay state of a raw query string, whose signature by one of the certificates is good.

    The signature is over the characters as they came: two encoders write the same value differently, and one of them is
    wrong (bindings 3.4.4.1). Raises SamlError.
    """
    fields = _raw_fields(query)
    if field not in fields or len({REQUEST, RESPONSE} & fields.keys()) > 1:
        raise SamlError(Refusal.SHAPE)
    if unquote_plus(fields.get("SAMLEncoding", _DEFLATE)) != _DEFLATE:
        raise SamlError(Refusal.SHAPE)
    if "Signature" not in fields or "SigAlg" not in fields:
        raise SamlError(Refusal.UNSIGNED)
    signed = "&".join(f"{name}={fields[name]}" for name in (field, "RelayState", "SigAlg") if name in fields)
    _verify_query(_ascii(signed), unquote_plus(fields["SigAlg"]), _value(fields["Signature"]), certificates)
    return _inflated(_value(fields[field])), unquote_plus(fields.get("RelayState", ""))


def redirect_address(root: etree._Element, *, address: str, field: str, private_key: str, relay_state: str) -> str:
    """`address` with the message in its query, signed by RSA and SHA-256."""
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
    deflated = deflater.compress(etree.tostring(root)) + deflater.flush()
    pairs = [(field, base64.b64encode(deflated).decode())]
    pairs += [("RelayState", relay_state)] if relay_state else []
    pairs += [("SigAlg", _RSA_SHA256)]
    signed = "&".join(f"{name}={quote(value, safe='')}" for name, value in pairs)
    signature = base64.b64encode(sign_bytes(signed.encode(), private_key)).decode()
    return f"{address}{'&' if '?' in address else '?'}{signed}&Signature={quote(signature, safe='')}"


def form_fields(root: etree._Element, *, field: str, relay_state: str) -> dict[str, str]:
    """The fields of a form that the browser posts; the message is signed inside."""
    fields = {field: base64.b64encode(etree.tostring(root)).decode()}
    return {**fields, "RelayState": relay_state} if relay_state else fields


def _raw_fields(query: str) -> dict[str, str]:
    """Attack stopped: a parameter given twice, of which the signature is checked over one and the other is read."""
    if len(query) > _LONGEST_QUERY:
        raise SamlError(Refusal.TOO_LARGE)
    fields: dict[str, str] = {}
    for part in query.split("&"):
        name, _, value = part.partition("=")
        if unquote_plus(name) in fields:
            raise SamlError(Refusal.SIGNATURE_FORM)
        fields[unquote_plus(name)] = value
        if "%" in name:
            raise SamlError(Refusal.SIGNATURE_FORM)
    return fields


def _verify_query(signed: bytes, method: str, signature: bytes, certificates: tuple[str, ...]) -> None:
    kind, _, size = method.removeprefix(_MORE).partition("-sha")
    if not method.startswith(_MORE) or kind not in {"rsa", "ecdsa"} or size not in _HASHES:
        raise SamlError(Refusal.ALGORITHM)
    for pem in certificates:
        key = public_key(pem)
        try:
            if isinstance(key, rsa.RSAPublicKey) and kind == "rsa":
                key.verify(signature, signed, padding.PKCS1v15(), _HASHES[size])
                return
            if isinstance(key, ec.EllipticCurvePublicKey) and kind == "ecdsa":
                key.verify(_as_der(signature), signed, ec.ECDSA(_HASHES[size]))
                return
        except InvalidSignature:
            continue
    raise SamlError(Refusal.SIGNATURE)


def _as_der(signature: bytes) -> bytes:
    """XML signatures hold the two numbers side by side (RFC 6931, 2.3.6)."""
    half = len(signature) // 2
    return encode_dss_signature(int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big"))


def _value(raw: str) -> bytes:
    return _from_base64(_ascii(unquote_plus(raw).replace(" ", "+")))  # a plus that was not escaped


def _ascii(text: str) -> bytes:
    """What is not ASCII is in no message, and becomes a mark that none has either."""
    return text.encode("ascii", "replace")


def _from_base64(data: bytes) -> bytes:
    try:
        return base64.b64decode(b"".join(data.split()), validate=True)
    except binascii.Error:
        raise SamlError(Refusal.UNREADABLE) from None


def _inflated(data: bytes) -> bytes:
    """Attack stopped: a few bytes that inflate to all the memory there is."""
    try:
        return zlib.decompressobj(-15).decompress(data, LARGEST_MESSAGE + 1)  # one byte more than is ever parsed
    except zlib.error:
        raise SamlError(Refusal.UNREADABLE) from None
