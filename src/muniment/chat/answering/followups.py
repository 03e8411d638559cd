"""Follow-ups without a model: a question that leans on the one before it is searched with that one's subject."""

import re
from collections.abc import Sequence

from muniment.chat.types import Question, Turn
from muniment.retrieval.analysis import analyse

SHORT = 3  # content words; a question of fewer says too little alone
_LEANING = re.compile(
    r"^\W*(and|but|or|also|then|so|what about|how about|what if|why not|it|its|they|their|them|this|that|these|those|"
    r"und|aber|oder|auch|dann|was ist mit|wie ist es mit|es|er|sie|ihre?|das|dies\w*|diese\w*)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+(?:[-'\u2019][^\W_]+)*")


def carry_over(text: str, turns: Sequence[Turn]) -> Question:
    """The question with the content words of the one before it, unless it stands on its own."""
    if not turns or not _leans(text):
        return Question(text, text)
    own = _terms(text)
    carried = [word for word in _WORD.findall(turns[-1].searched_for) if _terms(word) and not _terms(word) <= own]
    return Question(text, " ".join([text, *dict.fromkeys(carried)])) if carried else Question(text, text)


def _leans(text: str) -> bool:
    return bool(_LEANING.match(text)) or len(_terms(text)) < SHORT


def _terms(text: str) -> set[str]:
    """What is a content word in English and in German: a stop word of either carries no subject."""
    return set(analyse(text, language="en")) if analyse(text, language="de") else set()
