"""Attacker: the author of a document, or the owner of an agent. Move: a text that makes a pattern try every way to
match it, or a pattern that does so to any text; the worker is busy for hours. Guarantee: G-72.

No clock on the wall is asked: eight times the text may cost this thread at most about eight times the processor time,
whatever the machine does meanwhile. What is quadratic costs 64 times, what is worse does not end.
"""

import time

import pytest

from muniment.pii.detection import RULES, detect
from muniment.pii.types import Selection
from tests.pii.finding import EVERYTHING

SHORT, FACTOR = 1_500, 8
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


def _cost(text: str) -> float:
    runs = []
    for _ in range(3):
        began = time.thread_time()
        detect(text, tagger=None, selection=EVERYTHING)
        runs.append(time.thread_time() - began)
    return min(runs)


@pytest.mark.parametrize("piece", HOSTILE)
def test_cost_grows_with_length_alone(piece: str) -> None:
    short, long = (piece * (size // len(piece)) + "!" for size in (SHORT, SHORT * FACTOR))
    assert _cost(long) < 4 * FACTOR * max(_cost(short), 0.001)


def test_a_pattern_that_explodes_elsewhere_does_not_here() -> None:
    chosen = Selection(patterns=("(a+)+$", "(a|aa)+$", "(.*a){20}"))
    short, long = ("a" * size + "!" for size in (2_000, 16_000))
    began = time.thread_time()
    detect(short, tagger=None, selection=chosen)
    once = time.thread_time() - began
    began = time.thread_time()
    detect(long, tagger=None, selection=chosen)
    assert time.thread_time() - began < 40 * max(once, 0.002)


def test_every_rule_was_asked() -> None:
    assert EVERYTHING.classes >= set(RULES)
