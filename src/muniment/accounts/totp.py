"""Time-based one-time codes as authenticator apps make them: RFC 6238 with SHA-1, six digits, 30 seconds."""

import base64
import hashlib
import hmac
import secrets
import struct
from datetime import datetime
from io import BytesIO
from urllib.parse import quote, urlencode

import qrcode
from qrcode.image.svg import SvgPathImage

SEED = 20  # bytes: the length of SHA-1, as RFC 4226 asks for
PERIOD = 30  # seconds
DIGITS = 6
DRIFT = 1  # steps that a phone's clock may be ahead or behind


def new_seed() -> bytes:
    return secrets.token_bytes(SEED)


def counter_at(moment: datetime) -> int:
    return int(moment.timestamp()) // PERIOD


def code(seed: bytes, counter: int) -> str:
    """RFC 4226, section 5.3."""
    mac = hmac.new(seed, struct.pack(">Q", counter), hashlib.sha1).digest()
    offset = mac[-1] & 0x0F
    number = int.from_bytes(mac[offset : offset + 4], "big") & 0x7FFFFFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def matching_counter(seed: bytes, typed: str, moment: datetime, *, after: int = -1) -> int | None:
    """The step whose code was typed: near `moment`, and later than `after`, the last one used; else None."""
    typed = "".join(typed.split())
    here = counter_at(moment)
    steps = [step for step in range(here - DRIFT, here + DRIFT + 1) if step > after]
    found = [step for step in steps if hmac.compare_digest(code(seed, step).encode(), typed.encode())]
    return found[0] if found else None


def manual_key(seed: bytes) -> str:
    """The seed as a person types it into an app: base32 in groups of four."""
    text = base64.b32encode(seed).decode()
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def enrolment_address(seed: bytes, *, account: str, issuer: str) -> str:
    """What the QR code says (the "key URI format" of authenticator apps)."""
    query = {"secret": base64.b32encode(seed).decode(), "issuer": issuer, "digits": DIGITS, "period": PERIOD}
    return f"otpauth://totp/{quote(issuer)}:{quote(account)}?{urlencode(query, quote_via=quote)}"


def picture(address: str) -> str:
    """The address as a QR code, an SVG image made here: the seed goes to no service that draws pictures."""
    drawn = BytesIO()
    qrcode.make(address, image_factory=SvgPathImage, box_size=10, border=4).save(drawn)
    return "data:image/svg+xml;base64," + base64.b64encode(drawn.getvalue()).decode()
