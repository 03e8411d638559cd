"""Signed notes and checkpoints (C2SP signed-note and tlog-checkpoint), Ed25519. Reading them is in `verifier`.

A checkpoint is the origin (also the name of the key), the number of entries, the root in base64, an empty line, and a
signature line: em dash, name, base64 of key id and signature. An example is in docs/formats/audit-log.md.
"""

import base64
from hashlib import sha256

from muniment.audit.verifier import ORIGIN, Key
from muniment.core.ids import id_bytes, id_from_bytes
from muniment.crypto.services import keyring
from muniment.crypto.signing import SigningKey
from muniment.crypto.types import INSTANCE, KeyKind, KeyRef

RECEIPTS = "muniment/receipts"


def origin_of(log: str) -> str:
    """The origin line of a log; `log` is an id."""
    id_bytes(log)
    return ORIGIN + log


def checkpoint_key() -> SigningKey:
    return _signing_key("audit checkpoint")


def receipt_key() -> SigningKey:
    """Not the checkpoint key: no key serves two purposes."""
    return _signing_key("audit receipt")


def signature_line(text: str, name: str, key: SigningKey) -> str:
    """`text` ends with a newline; the line does not."""
    signature = Key(name, key.public).id() + key.sign(text.encode())
    return f"\u2014 {name} {base64.b64encode(signature).decode()}"


def signed_checkpoint(origin: str, size: int, root: bytes, key: SigningKey) -> str:
    text = f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"
    return f"{text}\n{signature_line(text, origin, key)}\n"


def _signing_key(purpose: str) -> SigningKey:
    ref = KeyRef(INSTANCE, KeyKind.SIGNING, id_from_bytes(sha256(purpose.encode()).digest()[:16]))
    return SigningKey.from_seed(keyring().ensure(ref))
