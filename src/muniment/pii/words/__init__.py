"""Lists of words that rules read: one file each, blanks between the words, in any case."""

from functools import cache
from importlib.resources import files


@cache
def word_list(name: str) -> frozenset[str]:
    """The words of one list, folded."""
    return frozenset((files(__package__) / f"{name}.txt").read_text(encoding="utf-8").casefold().split())
