"""Follow-ups without a model: a question that leans on the one before it is searched with that one's subject.

* "And for processors?" names something else of the same kind. Where the form of the question before shows what it
  stands for, it takes that place: "What must a controller record?" is searched as "What must processors record?"
  (`substitution`). Where it does not, the words of both are searched.
* "When is it required?" points back: the words of the question before are added.
* A question that stands on its own is left alone, however short: a new topic must not drag the old one along.
"""

import re
from collections.abc import Sequence

from muniment.chat.answering.substitution import NAMES, substituted
from muniment.chat.types import Question, Turn
from muniment.retrieval.analysis import analyse
from muniment.retrieval.framing import subject

LONGEST = 4000
"""Characters that are searched for. What was carried over is carried on: without an end, a conversation of follow-ups
would make each question dearer than the one before."""

_LEANS = re.compile(rf"\W*(?:{NAMES})\b", re.IGNORECASE)
_ASKS = re.compile(
    r"\b(?:who|whom|whose|what|which|when|where|why|how|is|are|was|were|does|do|did|can|could|must|may|should|will|has|have|"
    r"wer|wen|wem|was|welche[rsnm]?|wann|wo|warum|wie|ist|sind|kann|können|muss|müssen|darf|dürfen|soll|gilt|hat|haben)\b",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(
    r"\b(?:it|its|they|them|their|theirs|he|she|him|one|this|that|these|those|"
    r"es|er|sie|ihn|ihm|ihnen|ihre[nmrs]?|seine[nmrs]?|dies|dafür|davon|dazu|dagegen)\b(?!\s+[A-Z])"
)
_DEFINITE = re.compile(r"\b(?:the|der|die|das|den|dem)\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:[-'\u2019][^\W_]+)*")


def carry_over(text: str, turns: Sequence[Turn]) -> Question:
    """What to search for: the question itself unless it leans on the one before it."""
    if not turns or not _leans(text):
        return Question(text, text)
    before = turns[-1].searched_for
    if replaced := substituted(before, text):
        return Question(text, replaced[:LONGEST])
    own = _terms(text)
    carried = [word for word in _WORD.findall(subject(before)) if _terms(word) and not _terms(word) <= own]
    return Question(text, " ".join([text, *dict.fromkeys(carried)])[:LONGEST])


def _leans(text: str) -> bool:
    if _LEANS.match(text):
        return True
    terms = _terms(subject(text))
    points_back = _POINTS_BACK.search(text)
    if points_back and len(_terms(text[: points_back.start()])) < 2:
        return True
    if not _ASKS.search(text):
        return len(terms) < 3
    return not terms or (len(terms) == 1 and bool(_DEFINITE.search(text)))


def _terms(text: str) -> set[str]:
    """What is a content word in English and in German: a stop word of either carries no subject."""
    return set(analyse(text, language="en")) if analyse(text, language="de") else set()
