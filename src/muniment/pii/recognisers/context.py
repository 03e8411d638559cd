"""What stands around a find: a number is a passport's because the words before it say so."""

import re
from collections.abc import Iterator

from muniment.pii.types import PiiClass, Span

REACH = 48
"""Characters that a label may stand away from what it labels."""


def words(*alternatives: str) -> re.Pattern[str]:
    """Any of these (regular expressions), as whole words, in any case."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(alternatives)})(?!\w)", re.IGNORECASE)


def said_before(text: str, at: int, pattern: re.Pattern[str], *, reach: int = REACH) -> bool:
    return pattern.search(text, max(0, at - reach), at) is not None


def labelled(
    text: str, label: re.Pattern[str], value: re.Pattern[str], kind: PiiClass, score: float, *, reach: int = REACH
) -> Iterator[Span]:
    """What matches `value` within `reach` behind a `label`; its group 1 where it has one."""
    for found in label.finditer(text):
        held = value.search(text, found.end(), min(len(text), found.end() + reach))
        if held:
            group = 1 if value.groups else 0
            yield Span(held.start(group), held.end(group), kind, score)
