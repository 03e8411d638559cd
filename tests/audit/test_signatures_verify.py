"""Ed25519 and signed notes in plain Python: published vectors, and agreement with the `cryptography` library."""

import base64
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.audit.checkpoint import signed_checkpoint
from muniment.audit.verifier import (
    Key,
    VerificationError,
    check_note,
    is_signed,
    parse_key,
    read_checkpoint,
    split_notes,
)
from muniment.crypto.signing import SigningKey

VECTORS = json.loads((Path(__file__).parent.parent / "vectors" / "checkpoint.json").read_text())
ORDER = 2**252 + 27742317777372353535851937790883648493
SIGNER = SigningKey.from_seed(bytes(range(32)))
NAME = "muniment/test"


@pytest.mark.parametrize("vector", VECTORS["ed25519"], ids=lambda vector: vector["source"])
def test_published_signatures(vector: dict[str, str]) -> None:
    public, message, signature = (bytes.fromhex(vector[name]) for name in ("public", "message", "signature"))
    assert is_signed(public, message, signature)
    assert not is_signed(public, message + b"x", signature)


@settings(deadline=None, max_examples=25)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=100), st.integers(0, 511))
def test_agrees_with_the_library(seed: bytes, message: bytes, bit: int) -> None:
    key = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = key.public_key().public_bytes_raw(), key.sign(message)
    assert is_signed(public, message, signature)
    changed = bytearray(signature)
    changed[bit // 8] ^= 1 << bit % 8
    assert not is_signed(public, message, bytes(changed))


def test_a_second_spelling_of_a_signature_is_refused() -> None:
    """s + L satisfies the same equation (RFC 8032, section 5.1.7, step 1)."""
    signature = SIGNER.sign(b"x")
    s = int.from_bytes(signature[32:], "little")
    assert is_signed(SIGNER.public, b"x", signature)
    assert not is_signed(SIGNER.public, b"x", signature[:32] + (s + ORDER).to_bytes(32, "little"))
    assert not is_signed(SIGNER.public, b"x", signature + b"\0")
    assert not is_signed(b"\xff" * 32, b"x", signature)


def test_a_published_note_opens() -> None:
    vector = VECTORS["published_note"]
    key = parse_key(vector["key"])
    assert str(key) == vector["key"]
    check_note(vector["note"], key)
    with pytest.raises(VerificationError, match="is false"):
        check_note(vector["note"].replace("problem", "question"), key)
    with pytest.raises(VerificationError, match="no signature"):
        check_note(vector["note"], Key("PeterNeumann", SIGNER.public))


def test_our_checkpoint_opens_and_says_what_was_signed() -> None:
    note = signed_checkpoint(NAME, 42, bytes(32), SIGNER)
    check_note(note, Key(NAME, SIGNER.public))
    assert read_checkpoint(note) == (NAME, 42, bytes(32))
    cosigned = note + "\u2014 witness.example/w1 " + base64.b64encode(bytes(76)).decode() + "\n"
    check_note(cosigned, Key(NAME, SIGNER.public))  # other signatures are passed over


@pytest.mark.parametrize("text", ["x\n1\n", "x\n01\nAAAA\n", "x\n-1\nAAAA\n", "\n1\nAAAA\n", "x\n1\nAAAA\n"])
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises((VerificationError, ValueError)):
        read_checkpoint(text + "\n\u2014 x AAAA\n")


@pytest.mark.parametrize("text", ["", "x", "x+00000000+AAAA", str(Key("x", bytes(32))).replace("x+", "y+")])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises((VerificationError, ValueError)):
        parse_key(text)


def test_several_notes_are_told_apart_and_anything_else_is_refused() -> None:
    first, second = (signed_checkpoint(NAME, size, bytes(32), SIGNER) for size in (1, 2))
    assert split_notes(first + second) == [first, second]
    assert split_notes(f"{first}\n{second}\n") == [first, second]
    for text in ("", "nothing", first + "rubbish\n"):
        with pytest.raises(VerificationError):
            split_notes(text)
