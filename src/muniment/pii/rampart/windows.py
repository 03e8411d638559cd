"""Cuts a text into pieces that the model reads whole, where cutting hurts least."""

from collections.abc import Iterator

LONGEST = 900  # characters: about 210 tokens of English prose; twice as many cost more per character and find no more
SHORTEST = 300
_ENDS = ("\n\n", ". ", ".\n", "\n", " ")


def windows(text: str, *, longest: int = LONGEST) -> Iterator[tuple[int, int]]:
    """Spans that cover the text in order, none longer than `longest`: cut behind a paragraph, else a sentence, a line,
    a word. Residue accepted: a name on both sides of a cut is two halves; where it stands elsewhere, it is found whole.
    """
    start = 0
    while len(text) - start > longest:
        end = _cut(text, start, longest)
        yield start, end
        start = end
    if start < len(text):
        yield start, len(text)


def _cut(text: str, start: int, longest: int) -> int:
    for sign in _ENDS:
        found = text.rfind(sign, start + longest * 4 // 9, start + longest)
        if found >= 0:
            return found + len(sign)
    return start + longest
