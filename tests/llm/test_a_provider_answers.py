"""A provider's answer comes piece by piece, wherever the wire cuts; each kind of endpoint is spoken to as it wants."""

import pytest

from muniment.core.actors import system_in
from muniment.core.registries import OutboundMasking
from muniment.llm.models import Provider
from muniment.llm.services import chat_model
from muniment.llm.types import ChatMessage, ChatRequest, ProviderKind, Role
from tests.cast import Person
from tests.llm.conftest import Providing, connect
from tests.llm.fake_provider import Asked, failure, in_turn, said, whole

TEXT = "Für größere Wagen kostet es 2,50 €. 世界 🌍 too."
REQUEST = ChatRequest((ChatMessage(Role.SYSTEM, "Be brief."), ChatMessage(Role.USER, "What?")), max_tokens=50)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("gate")]


def _answer(provider: Provider, request: ChatRequest = REQUEST) -> str:
    model = chat_model(actor=system_in(provider.team), provider=provider.pk, masking=OutboundMasking())
    return "".join(model.stream(request, stopped=lambda: False))


@pytest.mark.parametrize("cut", [None, 1, 2, 3, 7, 64])
def test_pieces_make_the_answer(alice: Person, provide: Providing, cut: int | None) -> None:
    assert _answer(connect(alice, provide(lambda _: said(TEXT, cut=cut)))) == TEXT


def test_one_that_does_not_stream_is_understood(alice: Person, provide: Providing) -> None:
    assert _answer(connect(alice, provide(lambda _: whole(TEXT)))) == TEXT


def test_what_is_asked_is_what_goes_out(alice: Person, provide: Providing) -> None:
    provider = provide(lambda _: said(TEXT))
    _answer(connect(alice, provider))
    (asked,) = provider.asked
    assert asked.path == "/v1/chat/completions"
    assert "Authorization: Bearer sk-test-key" in asked.head
    assert asked.body == {
        "model": "tiny",
        "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "What?"}],
        "max_tokens": 50,
        "temperature": 0.0,
        "stream": True,
        "stream_options": {"include_usage": True},
    }


def test_without_a_key_none_is_sent(alice: Person, provide: Providing) -> None:
    provider = provide(lambda _: said(TEXT))
    _answer(connect(alice, provider, key=""))
    assert "authorization" not in provider.asked[0].head.lower()


def test_azure_is_spoken_to_as_it_wants(alice: Person, provide: Providing) -> None:
    provider = provide(lambda _: said(TEXT))
    azure = {
        "kind": ProviderKind.AZURE,
        "base_url": provider.address,
        "model": "our model",
        "api_version": "2024-10-21",
    }
    assert _answer(connect(alice, provider, **azure)) == TEXT
    (asked,) = provider.asked
    assert asked.path == "/openai/deployments/our%20model/chat/completions?api-version=2024-10-21"
    assert "api-key: sk-test-key" in asked.head
    assert "Bearer" not in asked.head


def test_a_model_that_wants_the_body_otherwise_is_given_it(alice: Person, provide: Providing) -> None:
    refusal = {"error": {"code": "unsupported_parameter", "param": "max_tokens", "message": "use another"}}
    provider = provide(in_turn(failure("400 Bad", refusal), said(TEXT)))
    assert _answer(connect(alice, provider)) == TEXT
    second = provider.asked[1].body
    assert second["max_completion_tokens"] == 50
    assert "max_tokens" not in second
    assert "temperature" not in second


def test_every_form_passes_the_gate(alice: Person, provide: Providing) -> None:
    refusal = {"error": {"code": "unsupported_parameter", "param": "max_tokens"}}
    provider = provide(
        in_turn(failure("400 Bad", refusal), failure("503 Busy", headers="Retry-After: 0\r\n"), said(TEXT))
    )
    request = ChatRequest((ChatMessage(Role.USER, "Who is Ada Lovelace?"),), max_tokens=50)
    _answer(connect(alice, provider), request)
    assert [asked.text for asked in provider.asked] == ["Who is [PERSON]?"] * 3
    assert b"Lovelace" not in provider.outbound


def test_who_stops_ends_the_call(alice: Person, provide: Providing) -> None:
    heard: list[str] = []
    provider = connect(alice, provide(lambda _: [b"".join(said(TEXT))[:400]], silent=True))
    model = chat_model(actor=alice.actor, provider=provider.pk, masking=OutboundMasking())
    heard.extend(model.stream(REQUEST, stopped=lambda: bool(heard)))
    assert heard
    assert "".join(heard) != TEXT


def test_an_answer_without_end_is_cut(alice: Person, provide: Providing) -> None:
    def endless(_: Asked) -> list[bytes]:
        return [b"".join(said("word " * 5_000))]

    assert len(_answer(connect(alice, provide(endless)))) < 1000
