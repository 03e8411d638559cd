"""Attacker: whoever may ask an agent. Move: questions made so that matching them takes minutes, one after the other so
that each is longer than the last; the match holds the interpreter, so everybody waits. Guarantee: G-26.

Measured in processor time and against a plain question, so that a busy machine changes nothing: what is stopped took
minutes, what is left takes hundredths of a second.
"""

import signal
from collections.abc import Iterator
from types import FrameType

import pytest

from muniment.chat.answering.followups import LONGEST, carry_over
from muniment.chat.answering.parts import parts
from muniment.chat.answering.substitution import substituted
from muniment.chat.services import QUESTION_LENGTH
from muniment.chat.types import Turn
from muniment.retrieval.analysis import analyse

PATIENCE = 5.0  # seconds of processor time; the slowest of these took 120, then 0.2
QUESTIONS = {
    "spaces": "what is" + " " * 3980 + "it?",
    "tabs": "who" + "\t" * 3980 + "x",
    "commas": "what is" + " ," * 1990 + "x",
    "one phrase": "is " + "q " * 1998,
    "one phrase that ends nowhere": "what is " + "q " * 1990 + "the",
    "openings": "and what about " * 260 + "$ x",
    "parts of nothing": "what? " * 660,
    "signs": "!" * 3990 + "x",
    "joined": "a-" * 2000,
    "places": "1(a)" * 1000,
}


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    def over(_number: int, _frame: FrameType | None) -> None:
        raise AssertionError("matching this question does not end")

    before = signal.signal(signal.SIGVTALRM, over)
    signal.setitimer(signal.ITIMER_VIRTUAL, PATIENCE)
    yield
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    signal.signal(signal.SIGVTALRM, before)


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_hostile_question_is_read_at_once(name: str) -> None:
    question = QUESTIONS[name]
    assert len(question) <= QUESTION_LENGTH
    parts(question)
    analyse(question, language="en")
    for following in ("And for processors?", "And its powers?", "And in the big town?", "it?"):
        carry_over(following, [Turn(question, question, "")])
    substituted("What must a controller record?", question)


def test_follow_ups_do_not_grow_without_end() -> None:
    turns: list[Turn] = []
    for round_ in range(8):
        asked = carry_over("is it " + " ".join(f"w{round_}q{n}" for n in range(400)), turns)
        turns = [Turn(asked.text, asked.searched_for, "")]
    assert len(turns[0].searched_for) <= LONGEST


def test_questions_people_ask_are_understood_as_before() -> None:
    """Positive control: the same functions, with what they are for."""
    assert parts("Who may delete agents  ,  and when are they gone?") == (
        "Who may delete agents",
        "when are they gone?",
    )
    before = "What must a controller record?"
    assert carry_over("And for processors?", [Turn(before, before, "")]).searched_for != "And for processors?"
