"""Attacker: the author of a document, or the owner of an agent. Move: a text that makes a pattern try every way to
match it, or a pattern that does so to any text; the worker is busy for hours. Guarantee: G-72.

Nothing is timed. Each text is as long as a chapter of a book and must be done within a budget of the processor's work,
which the kernel counts and ends (setitimer(2), ITIMER_VIRTUAL): ten times what the dearest takes. What tries every two
places of such a text takes thousands of times as much, what is worse does not end.
"""

import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import pytest

from muniment.pii.detection import RULES, detect
from muniment.pii.spelling import coded, spelled_out
from muniment.pii.types import Selection
from tests.pii.finding import EVERYTHING

LONG = 40_000
BUDGET = 30.0
HOSTILE = [
    *(
        "a",
        "1",
        "1 ",
        "A ",
        "a.",
        "a@",
        "a@a.",
        "1.",
        "1-",
        "(1) ",
        ":",
        "f:",
        "A-",
        "Mr ",
        "A. ",
        "\n",
        " ",
        "é",
        "<",
        "P<",
    ),
    *("eyJ", "password ", "password:", "passport ", "1 A", "Aa ", "1 Aa ", "rue de ", "corner of A ", "GB29", "GB29 "),
    *("-----BEGIN PRIVATE KEY-----", "born ", "\u200b", "-\n", "a-\n", "Dear A ", "A, A and ", "Mr A ", "P.O. Box 1 "),
]


class OverBudgetError(Exception):
    pass


@contextmanager
def budget(seconds: float = BUDGET) -> Iterator[None]:
    """Ends what takes more of the processor; `re` looks for signals while it matches."""

    def end(_: int, __: FrameType | None) -> None:
        raise OverBudgetError

    before = signal.signal(signal.SIGVTALRM, end)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_long_text_is_done_within_its_budget(piece: str) -> None:
    text = piece * (LONG // len(piece)) + "!"
    with budget():
        detect(text, tagger=None, selection=EVERYTHING)
        spelled_out(text)
        list(coded(text))


def test_one_that_tries_every_way_is_seen() -> None:
    with pytest.raises(OverBudgetError), budget(0.2):
        re.match("(a+)+$", "a" * LONG + "!")


def test_a_pattern_that_explodes_elsewhere_does_not_here() -> None:
    chosen = Selection(patterns=("(a+)+$", "(a|aa)+$", "(.*a){20}"))
    with budget():
        detect("a" * LONG + "!", tagger=None, selection=chosen)


def test_every_rule_was_asked() -> None:
    assert EVERYTHING.classes >= set(RULES)
