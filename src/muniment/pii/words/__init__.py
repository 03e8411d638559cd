"""Lists of words that rules read: one file each."""

from functools import cache
from importlib.resources import files


@cache
def word_list(name: str) -> frozenset[str]:
    """The words of one list, folded; blanks stand between them."""
    return frozenset(_text(name).casefold().split())


def lines(name: str) -> list[str]:
    """The lines of one list, as they are written."""
    return _text(name).splitlines()


def _text(name: str) -> str:
    return (files(__package__) / f"{name}.txt").read_text(encoding="utf-8")
