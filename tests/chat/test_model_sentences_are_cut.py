"""What a model writes becomes sentences, however its words come in, each with the passages it named."""

from collections.abc import Iterator

import pytest

from muniment.chat.answering.generative import Written, spoken, written

ANSWER = (
    "Parking costs two euros per hour [1]. Staff park free of charge.[2, 3] It is open from 8.30 a.m. to 6 p.m. [1][2]"
    "\n\n"
    "- First item [1]\n- Second item (passage 2) [passage 2]\n\nWhat else? Nothing"
)
SENTENCES = [
    ("Parking costs two euros per hour.", {1}, False),
    ("Staff park free of charge.", {2, 3}, False),
    ("It is open from 8.30 a.m. to 6 p.m.", {1, 2}, False),
    ("- First item", {1}, True),
    ("- Second item (passage 2)", {2}, True),
    ("What else?", set(), True),
    ("Nothing", set(), False),
]


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 13, 1000])
def test_pieces_of_any_size(size: int) -> None:
    pieces = [ANSWER[at : at + size] for at in range(0, len(ANSWER), size)]
    assert list(written(pieces)) == [Written(text, frozenset(named), apart) for text, named, apart in SENTENCES]


def test_a_sentence_comes_when_the_next_begins() -> None:
    taken: list[str] = []

    def pieces() -> Iterator[str]:
        for piece in ("One costs ", "two. ", "Two", " costs four."):
            taken.append(piece)
            yield piece

    assert next(written(pieces())).text == "One costs two."
    assert taken == ["One costs ", "two. ", "Two"]


@pytest.mark.parametrize("size", [1, 3, 7, 1000])
@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("<think>Does it cost two euros? </t> Or ten.</think>\n\nIt costs two.", "\n\nIt costs two."),
        (" \n<think></think>It costs two.", "It costs two."),
        ("<think>It never ends", ""),
        ("<thin ice>", "<thin ice>"),
        ("It costs <think>two</think>.", "It costs <think>two</think>."),
        ("", ""),
    ],
)
def test_what_it_thinks_is_not_what_it_says(answer: str, said: str, size: int) -> None:
    pieces = [answer[at : at + size] for at in range(0, len(answer), size)]
    assert "".join(spoken(pieces)) == said


def test_nothing_is_no_sentence() -> None:
    assert list(written([])) == []
    assert list(written([" ", "\n", "[1]"])) == []
