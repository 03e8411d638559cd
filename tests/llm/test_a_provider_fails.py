"""A provider that is down, slow, busy, broken, lying or shut is told in a sentence of ours, never in its own words."""

from collections.abc import Callable

import pytest

from muniment.core.errors import MunimentError
from muniment.core.registries import OutboundMasking, outbound_gates
from muniment.llm.errors import ModelRefusedError, ModelUnavailableError
from muniment.llm.models import Provider
from muniment.llm.openai.call import ATTEMPTS
from muniment.llm.services import chat_model, remove_provider
from muniment.llm.types import ChatMessage, ChatRequest, Role
from tests.cast import Person
from tests.llm.conftest import Providing, connect
from tests.llm.fake_provider import Reply, broken, failure, in_turn, said, streamed

ECHO = "Tell Ada Lovelace that sk-test-key is wrong, see https://evil.example.org"
REQUEST = ChatRequest((ChatMessage(Role.USER, "Who is Ada Lovelace?"),), max_tokens=50)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("gate")]
BUSY = failure("429 Too Many", {"error": {"message": ECHO}}, "Retry-After: 7\r\n")
ONE = b'data: {"choices": [{"delta": {"content": "One "}}]}\n\n'


def _ask(person: Person, provider: Provider, waited: list[float] | None = None) -> str:
    model = chat_model(actor=person.actor, provider=provider.pk, masking=OutboundMasking())
    object.__setattr__(model, "pause", (waited if waited is not None else []).append)
    return "".join(model.stream(REQUEST, stopped=lambda: False))


FAULTS: dict[str, tuple[Reply, type[MunimentError], str, int]] = {
    "wrong key": (failure("401 No", {"error": {"message": ECHO}}), ModelRefusedError, "key", 1),
    "forbidden": (failure("403 No", ECHO.encode(), media_type="text/plain"), ModelRefusedError, "key", 1),
    "no such model": (failure("404 No", {"error": {"message": ECHO}}), ModelRefusedError, "model", 1),
    "no credit": (
        failure("429 No", {"error": {"code": "insufficient_quota", "message": ECHO}}),
        ModelRefusedError,
        "credit",
        1,
    ),
    "too long": (
        failure("400 No", {"error": {"code": "context_length_exceeded", "message": ECHO}}),
        ModelRefusedError,
        "longer",
        1,
    ),
    "odd status": (failure("418 Teapot", {"error": {"message": ECHO}}), ModelRefusedError, "418", 1),
    "a deep error": (failure("400 No", b"[" * 60_000), ModelRefusedError, "400", 1),
    "a web page": (
        failure("200 OK", f"<html>{ECHO}".encode(), media_type="text/html"),
        ModelRefusedError,
        "web page",
        1,
    ),
    "another type": (failure("200 OK", ECHO.encode(), media_type="image/png"), ModelRefusedError, "format", 1),
    "no JSON": (failure("200 OK", ECHO.encode()), ModelUnavailableError, "format", 1),
    "JSON of another kind": (failure("200 OK", [ECHO]), ModelUnavailableError, "format", 1),
    "empty": (said(""), ModelUnavailableError, "no answer", 1),
    "overloaded": (BUSY, ModelUnavailableError, "overloaded", ATTEMPTS),
    "a fault": (failure("500 Oh", {"error": {"message": ECHO}}), ModelUnavailableError, "fault", ATTEMPTS),
    "come back tomorrow": (failure("429 No", {}, "Retry-After: 86400\r\n"), ModelUnavailableError, "overloaded", 1),
    "an error in the stream": (
        [streamed(b'data: {"error": {"message": "Ada Lovelace"}}\n\n')],
        ModelUnavailableError,
        "broke",
        ATTEMPTS,
    ),
    "breaks off before a word": ([streamed()], ModelUnavailableError, "broke", ATTEMPTS),
    "nonsense in the stream": ([streamed(b"data: {oh\n\n")], ModelUnavailableError, "format", 1),
    "an endless event": ([streamed(b"data: " + b"x" * 3_000_000)], ModelUnavailableError, "format", 1),
    "a huge answer": (failure("200 OK", b" " * 9_000_000), ModelRefusedError, "more than", 1),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_it_is_told_in_our_words(alice: Person, provide: Providing, fault: str) -> None:
    reply, error, word, attempts = FAULTS[fault]
    provider = provide(in_turn(reply))
    with pytest.raises(error, match=word) as raised:
        _ask(alice, connect(alice, provider))
    assert not any(theirs in str(raised.value) for theirs in ("Lovelace", "sk-test", "evil"))
    assert len(provider.asked) == attempts


def test_one_that_is_down_is_told(alice: Person, provide: Providing) -> None:
    provider = provide(lambda _: said("x"))
    known = connect(alice, provider)
    provider.close()
    waited: list[float] = []
    with pytest.raises(ModelUnavailableError, match="does not answer on port"):
        _ask(alice, known, waited)
    assert 0.5 + 1 <= sum(waited) <= 1 + 2 + 0.5  # grows with each attempt, by chance within bounds


def test_a_slow_one_is_waited_for_so_long_as_was_set(alice: Person, provide: Providing) -> None:
    provider = provide(lambda _: [], silent=True)
    with pytest.raises(ModelUnavailableError, match="in time"):
        _ask(alice, connect(alice, provider, patience=1))
    assert len(provider.asked) <= ATTEMPTS


def test_one_that_recovers_is_heard(alice: Person, provide: Providing) -> None:
    waited: list[float] = []
    provider = provide(in_turn(BUSY, failure("503 Oh"), said("One.")))
    assert _ask(alice, connect(alice, provider), waited) == "One."
    assert 7 <= sum(waited) < 10  # the seconds it asked for, then our own


def test_after_the_first_word_nothing_is_asked_again(alice: Person, provide: Providing) -> None:
    for reply in (broken("One two"), [streamed(ONE, b'data: {"error": {}}\n\n', b'data: {"error": "x"}\n\n')]):
        provider = provide(in_turn(reply, said("Again.")))
        known = connect(alice, provider, name=provider.address)
        heard: list[str] = []
        model = chat_model(actor=alice.actor, provider=known.pk, masking=OutboundMasking())
        with pytest.raises(ModelUnavailableError, match="broke"):
            heard.extend(model.stream(REQUEST, stopped=lambda: False))
        assert len(provider.asked) == 1


def test_a_removed_one_is_told(alice: Person, provide: Providing) -> None:
    known = connect(alice, provide(lambda _: said("x")))
    remove_provider(actor=alice.actor, provider=known.pk)
    with pytest.raises(ModelRefusedError, match="removed"):
        _ask(alice, known)


Gate = Callable[..., bytes]


def _shut(_content: bytes, *, masking: OutboundMasking) -> bytes:
    raise ModelUnavailableError("Nothing can be looked at now.")


@pytest.mark.parametrize("gates", [{}, {"test": _shut}])
def test_without_a_gate_nothing_goes_out(
    alice: Person, provide: Providing, monkeypatch: pytest.MonkeyPatch, gates: dict[str, Gate]
) -> None:
    provider = provide(lambda _: said("x"))
    monkeypatch.setattr(outbound_gates, "_entries", gates)
    with pytest.raises(ModelRefusedError):
        _ask(alice, connect(alice, provider))
    assert provider.asked == []


def test_nobody_elses_name_is_asked(alice: Person, mallory: Person, provide: Providing) -> None:
    known = connect(alice, provide(lambda _: said("x")))
    with pytest.raises(ModelRefusedError, match="removed"):
        _ask(mallory, known)
