"""The text as a reader sees it, for finding: no letter in disguise, nothing invisible, and the way back.

Attack stopped: an e-mail address with a zero-width space in it, a name spelt with one Cyrillic letter, or digits from
another script read the same to a person and to a model, and no rule knows them.
Residue accepted: a word spelt wholly in another script is that script's word and stays so.
"""

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass

# What Unicode's confusables.txt calls the same as a Latin letter, of the scripts that have one for most letters.
_CYRILLIC = "АВЕКМНОРСТУХЅІЈԚԜаеорсухѕіјԛԝһԁɡ"
_LATIN_OF_CYRILLIC = "ABEKMHOPCTYXSIJQWaeopcyxsijqwhdg"
_GREEK = "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧανοιρυκ"
_LATIN_OF_GREEK = "ABEZHIKMNOPTYXavoipuk"
_DISGUISES = dict(zip(_CYRILLIC + _GREEK, _LATIN_OF_CYRILLIC + _LATIN_OF_GREEK, strict=True))

_SIGNS = dict.fromkeys("‐‑‒–—―−﹣－", "-") | dict.fromkeys("‘’‛ʼ＇′", "'")
_BLANKS = {"Zs": " ", "Zl": "\n", "Zp": "\n"}
_INVISIBLE = frozenset({"Cf", "Cc", "Cs", "Co", "Cn"})
_LETTERS = re.compile(r"[^\W_]+")
_PLAIN = re.compile(r"[\x09\x0a\x20-\x7e\u00c0-\u024f]*")
_BROKEN_WORD = re.compile(r"(?<=[^\W\d_])-[ \t]*\n[ \t]*(?=[^\W\d_])")


@dataclass(frozen=True, slots=True)
class Folded:
    """`text` is what rules read. `origins[i]` is where its character i stands in the text that was folded."""

    text: str
    origins: tuple[int, ...] | None
    length: int

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The same place in the original; whatever is invisible inside it belongs to it."""
        if self.origins is None:
            return start, end
        last = self.origins[end - 1]
        return self.origins[start], last + 1

    def position(self, origin: int) -> int:
        """The first folded character that stands at or behind this place of the original."""
        return origin if self.origins is None else bisect_right(self.origins, origin - 1)


def fold(text: str) -> Folded:
    """Folds disguises, invisible characters and words broken at a line's end. Linear; equal texts fold alike."""
    if _PLAIN.fullmatch(text) and "-" not in text:
        return Folded(text, None, len(text))
    out: list[str] = []
    origins: list[int] = []
    broken = {at for found in _BROKEN_WORD.finditer(text) for at in range(found.start(), found.end())}
    for at, character in enumerate(text):
        for plain in "" if at in broken else _plain(character):
            out.append(plain)
            origins.append(at)
    folded = _LETTERS.sub(_undisguised, "".join(out))
    return Folded(folded, tuple(origins), len(text))


def _plain(character: str) -> str:
    """What a reader sees of it: nothing, one character, or several (a ligature)."""
    if " " <= character <= "~" or character in "\n\t":
        return character
    if character in _SIGNS:
        return _SIGNS[character]
    category = unicodedata.category(character)
    if category in _BLANKS:
        return _BLANKS[category]
    if category in _INVISIBLE or "\ufe00" <= character <= "\ufe0f":
        return "\n" if character in "\x0b\x0c\r\x85" else ""
    seen = str(unicodedata.decimal(character)) if category == "Nd" else unicodedata.normalize("NFKC", character)
    return seen if seen.isalnum() or len(seen) == 1 else character


def _undisguised(found: re.Match[str]) -> str:
    word = found[0]
    if word.isascii() or not any(letter in _DISGUISES for letter in word):
        return word
    if any(letter.isascii() for letter in word):  # also digits: 3\u0410 is a piece of a number, not a word
        return "".join(_DISGUISES.get(letter, letter) for letter in word)
    return word
