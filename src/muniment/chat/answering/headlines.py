"""Headings inside a chunk: short sections share one, and only the headings above all of them are kept with it.

A list of questions and answers is such a text. Its questions hold every word that is asked and answer nothing.
"""

from collections.abc import Sequence

from muniment.ingest.tables import is_row

LONGEST = 120  # characters; a longer line is a paragraph
_ENDS_A_SENTENCE = ".;:,!\u2026"


def headlines(text: str, spans: Sequence[tuple[int, int]]) -> list[int | None]:
    """For each sentence of `text` the position of the line that stands above it like a heading; None without one.

    A headline is its own.
    """
    found: list[int | None] = []
    above: int | None = None
    for at in range(len(spans)):
        above = at if _is_headline(text, spans, at) else above
        found.append(above)
    return found


def _is_headline(text: str, spans: Sequence[tuple[int, int]], at: int) -> bool:
    """One short line alone, without a sentence's end, and something below it."""
    start, end = spans[at]
    if at + 1 == len(spans) or end - start > LONGEST or "\n" in text[start:end] or text[end - 1] in _ENDS_A_SENTENCE:
        return False
    before = text[spans[at - 1][1] : start] if at else "\n"
    behind = text[end : spans[at + 1][0]]
    return "\n" in before and behind.count("\n") >= 1 and not is_row(text[start:end])
