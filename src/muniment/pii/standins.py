"""What stands in the working text instead of personal data: the same for the same, and nothing elsewhere.

A stand-in is HMAC-SHA256 (RFC 2104) of the class and the words in their simplest form, under a key of the silo: without
the key nobody can compute it, or tell whether stand-ins of two silos mean one person. Names are replaced word by word,
so that a surname alone, in small letters, with an accent or without, or with an ending is the same person as the name
in full. The words are no language's, and English and German stemmers leave them as they are; everything else becomes
its class and a few signs.

Residue accepted: who has the key and a list of names can try them all. Two names share a stand-in once in 120 million
pairs; a vault that keeps what each stands for sees it, and asks for the next `attempt`. Names that differ by an accent,
or by an s at the end, share theirs.
"""

import hashlib
import hmac
import re
import unicodedata
from base64 import b32encode
from collections.abc import Callable, Iterable, Iterator

from muniment.pii.folding import fold
from muniment.pii.offsets import spliced
from muniment.pii.types import PiiClass, Span

# Three syllables, then a fourth that ends as neither language's endings do, and before a plural or genitive s.
_CONSONANTS, _VOWELS, _LAST_VOWELS, _ENDS = "bdfgklmnprstvzjw", "aeiou", "aou", "bfgkm"
_WORD = rf"(?:[{_CONSONANTS}][{_VOWELS}]){{3}}[{_CONSONANTS}][{_LAST_VOWELS}][{_ENDS}]"
_MARK = rf"\[(?:{'|'.join(kind.value.upper() for kind in PiiClass)})(?:-[2-7][A-Z2-7]{{7}})?\]"
STAND_IN = re.compile(rf"(?<!\w)(?i:(?P<word>{_WORD})(?P<ending>s?))(?!\w)|(?P<mark>{_MARK})")
"""What this module writes, and a name only by chance."""

NAME = re.compile(r"[^\W\d_]+")
PARTICLES = frozenset(
    "van von der den de la le los di da del della dos du zu zum zur ten ter al el bin ibn ben und and y e".split()  # noqa: SIM905
)
"""Words of names, written small, that say nothing of whose name it is. They stay."""

_NO_SIGN = re.compile(r"[\W_]+")
_LIGATURES = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "þ": "th", "\u0131": "i"})
_TWO_LETTERS = re.compile("(?<=[aou])e")  # Mueller is Müller, typed on a keyboard without it
_SHORTEST = 4
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
            return "".join(map(name, names_apart(unicodedata.normalize("NFC", fold(words).text))))
        digest = _digest(key, kind, attempt, simplest(words))
        signs = b32encode(digest).decode()[: _SIGNS - 1]
        return f"[{kind.value.upper()}-{digest[-1] % 6 + 2}{signs}]"

    def name(piece: tuple[str, str]) -> str:
        word, rest = piece
        return (_cased(word, _word(_digest(key, PiiClass.PERSON, attempt, simplest_name(word)))) if word else "") + rest

    return stand_in


def names_apart(words: str) -> Iterator[tuple[str, str]]:
    """Each word of a name that gets a stand-in, and what follows it and stays: its ending, signs, particles."""
    at, last = 0, ""
    for found in NAME.finditer(words):
        genitive = found[0] in "sS" and words[found.start() - 1 : found.start()] in {"'", "\u2019"}
        if genitive or found[0] in PARTICLES:
            continue
        yield last, words[at : found.start()]
        last = without_ending(found[0])
        at = found.start() + len(last)
    yield last, words[at:]


def without_ending(word: str) -> str:
    """Without the s of a genitive or a plural: Müllers, Holloways. James loses his as well, each time."""
    bare = word[:-1]
    return bare if word[-1] in "sS" and len(bare) >= _SHORTEST and bare[-1] not in "sS" else word


def replaced(text: str, spans: Iterable[Span], stand_in: StandIn) -> str:
    """The text with stand-ins. `spans` as `detect` gives them: in order, none overlapping."""
    return spliced(text, ((one.start, one.end, stand_in(one.kind, text[one.start : one.end])) for one in spans))


def simplest(words: str) -> str:
    """What two ways of writing the same have in common: no case, no disguise, no blanks, no signs."""
    return _NO_SIGN.sub("", unicodedata.normalize("NFKC", fold(words).text).casefold())


def simplest_name(word: str) -> str:
    """The same of a word of a name, without accents, and with ü, ue and u alike."""
    letters = unicodedata.normalize("NFKD", simplest(word)).translate(_LIGATURES)
    return _TWO_LETTERS.sub("", "".join(letter for letter in letters if not unicodedata.combining(letter)))


def _digest(key: bytes, kind: PiiClass, attempt: int, words: str) -> bytes:
    return hmac.digest(key, f"{kind.value}\0{attempt}\0{words}".encode(), hashlib.sha256)


def _word(digest: bytes) -> str:
    number, out = int.from_bytes(digest[:16], "big"), []
    for letters in [_CONSONANTS, _VOWELS] * 3 + [_CONSONANTS, _LAST_VOWELS, _ENDS]:
        number, place = divmod(number, len(letters))
        out.append(letters[place])
    return "".join(out)


def _cased(original: str, word: str) -> str:
    if original.isupper() and len(original) > 1:
        return word.upper()
    return word.capitalize() if original[0].isupper() else word
