"""What an owner says of single words, as rules: these were missed, those were no personal data."""

from collections.abc import Sequence
from dataclasses import replace

from muniment.agents.errors import MaskingRulesError
from muniment.agents.types import Correction, MaskingRules
from muniment.core.cleaning import one_line
from muniment.core.errors import Term
from muniment.pii.errors import PatternError
from muniment.pii.services import checked_pattern
from muniment.pii.types import PiiClass, Selection

LONGEST = 200  # characters of a word or phrase
MOST = 500  # of each kind; every text is looked through for each of them
MOST_PATTERNS = 100
_NAMES = {
    "terms": Term("Word of your own"),
    "contacts": Term("Contact"),
    "never": Term("Word that is never masked"),
    "listed": Term("Word that is always masked"),
}


def corrected(rules: MaskingRules, correction: Correction, words: str, kind: PiiClass | None) -> MaskingRules:
    """The rules with one word or phrase named as `kind`, as nothing, or no longer named at all."""
    chosen, words = rules.selection, one_line(words)
    listed = tuple(one for one in chosen.listed if not _same(one[0], words))
    never = tuple(one for one in chosen.never if not _same(one, words))
    if correction is Correction.MISSED:
        if kind is None:
            raise MaskingRulesError("Choose what these words are.")
        listed += ((words, kind),)
    elif correction is Correction.WRONG:
        never += (words,)
    return replace(rules, selection=replace(chosen, listed=listed, never=never))


def check_rules(rules: MaskingRules) -> None:
    """Raises MaskingRulesError.

    Attack stopped: a pattern that never ends, and ten thousand rules that keep the detector busy for everybody else.
    """
    chosen = rules.selection
    _check_words("listed", [words for words, _ in chosen.listed])
    for name in ("terms", "contacts", "never"):
        _check_words(name, getattr(chosen, name))
    check_patterns(chosen)


def check_patterns(chosen: Selection) -> None:
    if len(chosen.patterns) > MOST_PATTERNS:
        raise MaskingRulesError(
            "There may be {limit} patterns. Join some with |, or take some out.", limit=MOST_PATTERNS
        )
    for number, pattern in enumerate(chosen.patterns, 1):
        try:
            checked_pattern(pattern)
        except PatternError as error:
            raise MaskingRulesError("Pattern {number}: {why}", number=number, why=error) from None


def _check_words(name: str, words: Sequence[str]) -> None:
    if len(words) > MOST:
        raise MaskingRulesError("There may be {limit} of each kind of words. Take some out.", limit=MOST)
    which = _NAMES[name]
    for number, one in enumerate(words, 1):
        if len(one) > LONGEST:
            raise MaskingRulesError(
                "{which} {number} is longer than {limit} characters.",
                which=which,
                number=number,
                limit=LONGEST,
            )
        if sum(map(str.isalnum, one)) < 2:  # a full stop alone would be found in every sentence
            raise MaskingRulesError("{which} {number} needs two letters or digits.", which=which, number=number)


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()
