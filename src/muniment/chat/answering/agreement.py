"""Whether a sentence says what its quotes say, by what changes a meaning with one word: numbers, names, negations.

Rules for English and German; of another language numbers alone are compared, and words (answering/grounding.py).
"""

import re
from collections.abc import Iterator

from muniment.retrieval.analysis import analyse

_DIGITS = re.compile(r"\d+(?:[.,:]\d+)*")
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_CLAUSE = re.compile(
    r"[,;:()\u2013\u2014\n]|[.!?]\s|\s-\s|\b(?:but|and|or|unless|except|although|while|whereas|aber|und|oder|sondern|außer|"
    r"obwohl)\b|(?=\b(?:without|ohne)\b)",
    re.IGNORECASE,
)
_NEGATION = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|neither|nor|without|cannot|\w+n['\u2019]t|prohibited|forbidden|banned|"
    r"nicht|nie|niemals|niemand|nichts|keine?[mnrs]?|ohne|weder|verboten|untersagt)\b",
    re.IGNORECASE,
)
_SPEAKER = re.compile(r"\bI\b|\b(?:my|me|ich|mir|mich|meine?[mnrs]?)\b")
"""Who speaks of himself is the model, unless the document does."""
_FROM_TWO = """
two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen
zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn
"""  # "one" and "ein" are seldom a number
_TENS = """
twenty thirty forty fifty sixty seventy eighty ninety hundred
zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig hundert
"""
_SPELLED = {word: 2 + at % 18 for at, word in enumerate(_FROM_TWO.split())} | {
    word: 20 + 10 * (at % 9) for at, word in enumerate(_TENS.split())
}
_QUOTES = " \"'\u201c\u201e\u00ab([*_-"
_TITLE = re.compile(r"(?:Mr|Mrs|Ms|Dr|Prof|Herr|Herrn|Frau)\.?\s+$")


def agrees(text: str, quotes: str, *, around: str, language: str) -> bool:
    """`around`: what stands above the quotes, headings for one, and counts as theirs."""
    there = f"{around}\n{quotes}"
    return (
        set(_numbers(text)) <= set(_numbers(there))
        and _names(text, language) <= _stems(there, language)
        and _same_sense(text, quotes, language)
        and (not _SPEAKER.search(text) or bool(_SPEAKER.search(quotes)))
    )


def _numbers(text: str) -> Iterator[str]:
    """Each number in one spelling, in digits or as a word."""
    for found in _DIGITS.findall(text):
        if _THOUSANDS.fullmatch(found):
            yield found.replace(",", "").replace(".", "")
        else:
            yield re.sub(r"[.,]0+\Z", "", found.replace(",", "."))
    for word in _WORD.findall(text.casefold()):
        if word in _SPELLED:
            yield str(_SPELLED[word])


def _names(text: str, language: str) -> set[str]:
    """Stems of words that are written large and do not begin a sentence. In German that is every noun: of those, what
    stands behind a title or beside another word written large, is large throughout, or has a large letter inside.
    """
    found: set[str] = set()
    last, name = 0, ""  # where the last word ended that is written large, and which it was
    for match in _WORD.finditer(text):
        word, before = match[0], text[: match.start()]
        if not word[0].isupper() or word == "I":
            continue
        begins = not before.strip(_QUOTES) or before.rstrip()[-1:] in ".:!?\u2026"
        beside = last and not text[last : match.start()].strip()
        odd = len(word) > 1 and word[1:] != word[1:].lower()
        if odd or beside or _TITLE.search(before) or (language != "de" and not begins):
            found |= _stems(f"{name} {word}" if beside else word, language)
        last, name = match.end(), word
    return found


def _same_sense(text: str, quotes: str, language: str) -> bool:
    """Whether the sentence denies as often, by twos, as the parts of the quotes that hold most of each of its parts.

    By twos: who denies twice says yes.
    """
    parts = {part: _stems(part, language) for part in _CLAUSE.split(quotes) if part.strip()}
    nearest: set[str] = set()
    own = 0
    for clause in _CLAUSE.split(text):
        words = _stems(clause, language)
        most = max((len(words & held) for held in parts.values()), default=0)
        own += _denials(clause)
        if most:
            best = [part for part, held in parts.items() if len(words & held) == most]
            nearest.add(min(best, key=lambda part: (_denials(part) - _denials(clause)) % 2))
    return (own - sum(map(_denials, nearest))) % 2 == 0


def _denials(text: str) -> int:
    return len(_NEGATION.findall(text))


def without_numbers(text: str) -> str:
    """The words between: numbers are compared by what they are, not by how they are written."""
    return _WORD.sub(lambda found: "" if found[0].casefold() in _SPELLED else found[0], _DIGITS.sub(" ", text))


def _stems(text: str, language: str) -> set[str]:
    return set(analyse(text, language=language))
