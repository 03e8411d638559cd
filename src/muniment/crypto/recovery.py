"""The printable recovery kit: the root key as 14 groups of 4 characters, the last group a checksum.

Crockford's base 32 (no I, L, O, U; read back without regard to case, O as 0, I and L as 1). The kit is the root key:
whoever holds it and a backup can read everything, so it is shown once, printed, and kept in a safe.
"""

import hashlib
import hmac

from muniment.crypto.errors import RecoveryKitError

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUP = 4
GROUPS = 14
_READ = str.maketrans({"O": "0", "I": "1", "L": "1"})


def cleartext_recovery_kit(root: bytes) -> list[str]:
    """14 groups; the first 13 hold 256 bits, right-padded with zero bits to 260, the last a 20-bit checksum."""
    text = _encode(int.from_bytes(root, "big") << 4, 52) + _checksum(root)
    return [text[i : i + GROUP] for i in range(0, len(text), GROUP)]


def root_from_kit(typed: str) -> bytes:
    """The root key from what a person typed; spaces, hyphens, case and the usual confusions do not matter."""
    text = "".join(character for character in typed.upper() if character.isalnum()).translate(_READ)
    if len(text) != GROUP * GROUPS or any(character not in ALPHABET for character in text):
        raise RecoveryKitError(
            "A recovery kit has {groups} groups of {group} characters. Check that none is missing.",
            groups=GROUPS,
            group=GROUP,
        )
    number = 0
    for character in text[:52]:
        number = number * 32 + ALPHABET.index(character)
    root = (number >> 4).to_bytes(32, "big")
    if not hmac.compare_digest(_encode(number, 52) + _checksum(root), text) or number & 15:
        raise RecoveryKitError("The recovery kit has a typing mistake. Compare it with the printed page.")
    return root


def _checksum(root: bytes) -> str:
    return _encode(int.from_bytes(hashlib.sha256(b"muniment recovery kit 1" + root).digest()[:3], "big") >> 4, 4)


def _encode(number: int, length: int) -> str:
    characters = []
    for _ in range(length):
        number, rest = divmod(number, 32)
        characters.append(ALPHABET[rest])
    return "".join(reversed(characters))
