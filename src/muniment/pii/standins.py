"""What stands in the working text instead of personal data: the same for the same, and nothing elsewhere.

A stand-in is HMAC-SHA256 (RFC 2104) of the class and the words in their simplest form, under a key of the silo: without
the key nobody can compute it, or tell whether stand-ins of two silos mean one person. Names are replaced word by word,
so that a surname alone, in small letters, or with an ending is the same person as the name in full. The words are made
of syllables and are no language's; everything else becomes its class and a few signs.

Residue accepted: who has the key and a list of names can try them all. Two names share a stand-in once in 40 million
pairs; a vault that keeps what each stands for sees it, and asks for the next `attempt`.
"""

import hashlib
import hmac
import re
import unicodedata
from base64 import b32encode
from collections.abc import Callable, Iterable

from muniment.pii.offsets import OffsetMap, offset_map
from muniment.pii.types import PiiClass, Span

_CONSONANTS, _VOWELS, _SYLLABLES = "bdfgklmnprstvzjw", "aeiou", 4
_LAST = "l"  # behind a vowel German keeps the s of a genitive, and one person would be two words of an index
_NAME = re.compile(r"[^\W\d_]+")
_NO_SIGN = re.compile(r"[\W_]+")
_SIGNS = 8

StandIn = Callable[[PiiClass, str], str]
"""What to write instead of these words of this class."""


def masked(kind: PiiClass, words: str) -> str:  # noqa: ARG001 - the shape of StandIn
    """A mask that cannot be undone, such as [PERSON]."""
    return f"[{kind.value.upper()}]"


def stand_ins(key: bytes, *, attempt: int = 0) -> StandIn:
    """The stand-ins of one silo. `key` is 32 bytes and serves nothing else."""

    def stand_in(kind: PiiClass, words: str) -> str:
        if kind is PiiClass.PERSON:
            return _NAME.sub(lambda word: _cased(word[0], _word(_digest(key, kind, word[0], attempt))), words)
        signs = b32encode(_digest(key, kind, words, attempt)).decode()[:_SIGNS]
        return f"[{kind.value.upper()}-{signs}]"

    return stand_in


def replaced(text: str, spans: Iterable[Span], stand_in: StandIn) -> tuple[str, OffsetMap]:
    """The working text and its map. `spans` as `detect` gives them: in order, none overlapping."""
    out, places, at = [], [], 0
    for span in spans:
        instead = stand_in(span.kind, text[span.start : span.end])
        out += [text[at : span.start], instead]
        places.append((span.start, span.end, len(instead)))
        at = span.end
    out.append(text[at:])
    return "".join(out), offset_map(places)


def simplest(words: str) -> str:
    """What two ways of writing the same have in common: no case, no accents' encoding, no blanks, no signs."""
    return _NO_SIGN.sub("", unicodedata.normalize("NFKC", words).casefold())


def _digest(key: bytes, kind: PiiClass, words: str, attempt: int) -> bytes:
    message = f"{kind.value}\0{attempt}\0{simplest(words)}".encode()
    return hmac.digest(key, message, hashlib.sha256)


def _word(digest: bytes) -> str:
    number, out = int.from_bytes(digest[:16], "big"), []
    for _ in range(_SYLLABLES):
        number, consonant = divmod(number, len(_CONSONANTS))
        number, vowel = divmod(number, len(_VOWELS))
        out.append(_CONSONANTS[consonant] + _VOWELS[vowel])
    return "".join(out) + _LAST


def _cased(original: str, word: str) -> str:
    if original.isupper() and len(original) > 1:
        return word.upper()
    return word.capitalize() if original[0].isupper() else word
