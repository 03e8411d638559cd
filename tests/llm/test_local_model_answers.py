"""The operator's own GGUF answers: in its own template, in UTF-8, no longer than it may."""

from pathlib import Path

import pytest

from muniment.llm.errors import ModelRefusedError
from muniment.llm.types import ChatMessage, ChatRequest, Role
from tests.llm.gguf import CHATML, END, byte, chain, write_model
from tests.llm.local_models import SIZE, Start, answer, asked, going_on

HELLO = "Helo wrd!"


def test_it_says_what_the_file_says(start: Start, tmp_path: Path) -> None:
    model = start(write_model(tmp_path / "herbarium.gguf", chain(HELLO, after="\n")))
    assert answer(model, "Who are you?") == HELLO
    assert model.name == "herbarium on this machine"
    assert not model.is_external


def test_an_answer_comes_piece_by_piece(start: Start, tmp_path: Path) -> None:
    model = start(write_model(tmp_path / "a.gguf", chain(HELLO, after="\n")))
    assert list(model.stream(asked("Who?"), stopped=going_on)) == list(HELLO)


def test_an_answer_ends_at_its_limit(start: Start, tmp_path: Path) -> None:
    model = start(write_model(tmp_path / "a.gguf", chain("ab", after="\n", then=byte("a"))))
    assert answer(model, "Go on.", max_tokens=7) == "abababa"


def test_an_answer_ends_where_the_context_is_full(start: Start, tmp_path: Path) -> None:
    model = start(write_model(tmp_path / "a.gguf", chain("ab", after="\n", then=byte("a"))))
    assert 300 < len(answer(model, "Go on.", max_tokens=10_000)) < SIZE.context


def test_a_question_too_long_for_the_context_is_refused_and_the_next_answered(start: Start, tmp_path: Path) -> None:
    model = start(write_model(tmp_path / "a.gguf", chain(HELLO, after="\n")))
    with pytest.raises(ModelRefusedError, match="MUNIMENT_LOCAL_CONTEXT"):
        answer(model, "x" * 2 * SIZE.context)
    assert answer(model, "Who?") == HELLO


def test_characters_of_several_tokens_come_whole(start: Start, tmp_path: Path) -> None:
    model = start(write_model(tmp_path / "a.gguf", _bytes("ä€", after="\n")))
    assert list(model.stream(asked("Who?"), stopped=going_on)) == ["ä", "€"]


def test_bytes_that_are_no_characters_harm_nothing(start: Start, tmp_path: Path) -> None:
    model = start(write_model(tmp_path / "a.gguf", {byte("\n"): 5 + 0xE2, 5 + 0xE2: END}))
    assert answer(model, "Who?") == "\ufffd"


BROKEN = ["{% no such block %}", "no messages", "{{ raise_exception('No.') }}", "{{ messages.x.y }}", "{{ 1 / 0 }}"]


@pytest.mark.parametrize("template", [None, *BROKEN])
def test_without_a_known_template_a_plain_one_serves(start: Start, tmp_path: Path, template: str | None) -> None:
    """After "Answer:" it says "Yes", and then asks itself the next question: that is cut off."""
    follows = chain(" Y\nQuestion", after=":", then=byte(":"))
    model = start(write_model(tmp_path / "a.gguf", follows, template=template))
    assert answer(model, "Are you there?") == " Y"


def test_with_temperature_it_still_ends(start: Start, tmp_path: Path) -> None:
    model = start(write_model(tmp_path / "a.gguf", chain(HELLO, after="\n")))
    pieces = list(model.stream(asked("Who?", max_tokens=20, temperature=1.5), stopped=going_on))
    assert len(pieces) <= 20


def _bytes(text: str, *, after: str) -> dict[int, int]:
    steps = [byte(after), *(5 + number for number in text.encode())]
    return dict(zip(steps, [*steps[1:], END], strict=True))


def test_a_template_that_knows_no_system_has_its_words_before_the_question(start: Start, tmp_path: Path) -> None:
    refusing = "{% if messages[0].role == 'system' %}{{ raise_exception('No.') }}{% endif %}" + CHATML
    model = start(write_model(tmp_path / "a.gguf", chain(HELLO, after="\n"), template=refusing))
    request = ChatRequest((ChatMessage(Role.SYSTEM, "Answer."), ChatMessage(Role.USER, "Who?")), 32)
    assert "".join(model.stream(request, stopped=going_on)) == HELLO
