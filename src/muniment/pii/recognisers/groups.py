"""Numbers written in groups: "4111 1111 1111 1111", "4111-1111-...": what they are without the gaps."""

import re
from collections.abc import Iterator

_DIGITS = re.compile(r"(?<!\w)\d{1,40}(?!\w)")
_GAP = re.compile(r"[ \u2009.\-/]|\n(?=\d)")


def digit_runs(
    text: str, *, shortest: int, longest: int, gap: re.Pattern[str] = _GAP
) -> Iterator[tuple[int, int, str]]:
    """(start, end, digits) of every way to join whole groups with single gaps to `shortest`..`longest` digits.

    Longer ones first from each start. Bounded work for each group, so linear in the text.
    """
    groups = [found.span() for found in _DIGITS.finditer(text)]
    for first, (start, _) in enumerate(groups):
        digits, found = "", []
        for at in range(first, min(first + longest, len(groups))):
            begin, end = groups[at]
            if at > first:
                last = groups[at - 1][1]
                if begin - last != 1 or not gap.match(text, last, begin + 1):
                    break
            digits += text[begin:end]
            if len(digits) > longest:
                break
            if len(digits) >= shortest:
                found.append((start, end, digits))
        yield from reversed(found)
