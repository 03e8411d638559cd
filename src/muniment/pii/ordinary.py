"""Ordinary words that the model takes for names, because it knows no capitals: "Ferns" above a text about ferns.

A word alone is none where its capital says nothing, that is at the beginning of a text, a line or a sentence, or in a
heading, and where the list has it: the words of a model's vocabulary (bert-base-uncased, Apache-2.0) whose plural
stands there as well, but for given names. Where the same text has the word as a name in another place, it stays one.
"""

import re
from collections.abc import Iterator, Sequence

from muniment.pii.recognisers.names import NO_NAME_ENDS
from muniment.pii.types import Span
from muniment.pii.words import word_list

_ONE_WORD = re.compile(r"[^\W\d_]+")
_BEGINS = re.compile(r"(?:^|[.!?:\n])[\s\"'„“”(\[#*>•-]{0,8}(?:\d{1,3}[.)][ ])?\Z")
_NEAR = 16
_SHORT = 3
_ROMAN = re.compile(r"[IVXLC]+")
_HEADING = re.compile(r"[ ]{0,4}(?:#{1,6}[ ]|(?:subject|re|betreff|betr)\.?:)?[^.,;!?\n]{1,80}", re.IGNORECASE)


def without_ordinary_words(text: str, names: Sequence[Span]) -> Iterator[Span]:
    """`names` as the model sees them, in order. Linear in the text and the names."""
    doubtful = {span for span in names if _is_doubtful(text, span)}
    elsewhere = {
        word.casefold()
        for span in names
        if span not in doubtful
        for word in _ONE_WORD.findall(text[span.start : span.end])
    }
    for span in names:
        if span not in doubtful or text[span.start : span.end].casefold() in elsewhere:
            yield span


def _is_doubtful(text: str, span: Span) -> bool:
    word = text[span.start : span.end]
    if not _ONE_WORD.fullmatch(word):
        return False
    if _ROMAN.fullmatch(word) or NO_NAME_ENDS.fullmatch(word):
        return True
    return word.casefold() in word_list("ordinary") and _capital_says_nothing(text, span)


def _capital_says_nothing(text: str, span: Span) -> bool:
    begins = _BEGINS.search(text, max(0, span.start - _NEAR), span.start) is not None
    return (begins and text[span.start : span.end].casefold() not in word_list("also_names")) or _heads(text, span)


def _heads(text: str, span: Span) -> bool:
    """In a line with no word in small letters but short ones, and an empty line behind it."""
    start = text.rfind("\n", max(0, span.start - 100), span.start) + 1
    line = _HEADING.match(text, start)
    return (
        line is not None
        and line.end() >= span.end
        and text[line.end() : line.end() + 2] in {"", "\n", "\n\n"}
        and not any(word.islower() and len(word) > _SHORT for word in _ONE_WORD.findall(line[0]))
    )
