"""An owner's own terms and patterns, and the words an owner named as something.

Attack stopped: a pattern such as (a+)+$ that keeps the machine busy for hours on one line. RE2 runs every pattern in
time linear in the text; what it has no way to run so (look-behind, back-references) is refused where it is entered.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

import re2

from muniment.pii.errors import PatternError
from muniment.pii.types import PiiClass, Span
from muniment.pii.words import word_list

LONGEST_PATTERN = 1_000
_MEMORY = 8 * 2**20


def checked_pattern(pattern: str) -> str:
    """The pattern itself. Raises PatternError, which says what is wrong with it in a sentence."""
    _compiled(pattern)
    return pattern


def custom_terms(text: str, terms: Sequence[str]) -> Iterator[Span]:
    """Each term as whole words, in any case, over blanks and line breaks."""
    for term in terms:
        yield from (Span(*found.span(), PiiClass.CUSTOM, 1.0) for found in phrase(term).finditer(text))


def listed_words(text: str, listed: Sequence[tuple[str, PiiClass]]) -> Iterator[Span]:
    """Each word or phrase as what it was named. A name that is also a common word is none where it is written small."""
    for words, kind in listed:
        capital = kind is PiiClass.PERSON and words.casefold() in word_list("also_names")
        for found in phrase(words).finditer(text):
            if not (capital and found[0].islower()):
                yield Span(*found.span(), kind, 1.0)


def phrase(words: str) -> re.Pattern[str]:
    """These words in this order; blank text is found nowhere."""
    parts = r"\s{1,8}".join(re.escape(word) for word in words.split())
    return re.compile(rf"(?<!\w){parts}(?!\w)" if parts else r"(?!)", re.IGNORECASE)


def custom_patterns(text: str, patterns: Sequence[str]) -> Iterator[Span]:
    for pattern in patterns:
        for found in _compiled(pattern).finditer(text):
            if found.end() > found.start():
                yield Span(found.start(), found.end(), PiiClass.CUSTOM, 1.0)


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> "re2._Regexp":
    if len(pattern) > LONGEST_PATTERN:
        raise PatternError(
            "This pattern is longer than {limit} characters. Split it into several.", limit=LONGEST_PATTERN
        )
    options = re2.Options()
    options.max_mem = _MEMORY
    options.log_errors = False
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        reason = error.args[0].decode() if error.args and isinstance(error.args[0], bytes) else str(error)
        raise PatternError(
            "This pattern cannot be used: {reason}. Patterns follow the RE2 syntax.", reason=reason
        ) from None
