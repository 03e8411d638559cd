"""Attacker: a stranger. Move: many large forms at once, never finished, to pages that read a form before they know who
sends it. Guarantee: G-36."""

import asyncio
from collections.abc import Iterator

import pytest
from django.core.exceptions import RequestDataTooBig

from muniment.core import request_body
from tests.core.test_request_bodies import FORM, Wire

PIECE = 2**16
LARGE = 9 * 2**20


@pytest.fixture
def forms(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Wire]]:
    """What the attacker holds open; let go at the end. Forms of other tests, which nobody let go, do not count."""
    monkeypatch.setattr(request_body._Budget, "held", 0)
    held: list[Wire] = []
    yield held
    for wire in held:
        wire.connection.abandon()


def large() -> Wire:
    return Wire([b"a" * PIECE] * (LARGE // PIECE), kind=FORM, length=LARGE)


def read(wire: Wire) -> int:
    """Bytes in memory; raises RequestDataTooBig."""
    return len(asyncio.run(wire.connection.body()).read())


def test_large_forms_together_have_a_budget(forms: list[Wire]) -> None:
    for _ in range(request_body.TOGETHER // LARGE):
        forms.append(large())
        assert read(forms[-1]) == LARGE
    forms.append(large())
    with pytest.raises(RequestDataTooBig, match="too many large forms"):
        read(forms[-1])
    small = Wire([b"a" * 5000], kind=FORM, length=5000)
    assert read(small) == 5000, "who signs in meanwhile is not kept out"
    while forms:
        forms.pop().connection.abandon()
    forms.append(large())
    assert read(forms[-1]) == LARGE, "and what was held is given back"


def test_a_form_that_stands_still_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    class Still(Wire):
        async def receive(self) -> object:
            if self.sent:
                await asyncio.Event().wait()
            return await super().receive()

    monkeypatch.setattr(request_body, "STILL", 0.01)
    with pytest.raises(RequestDataTooBig, match="did not arrive"):
        read(Still([b"a", b"b"], kind=FORM, length=2))


def test_a_form_that_dribbles_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each letter comes in time, the form never does."""

    class Dribbling(Wire):
        async def receive(self) -> object:
            await asyncio.sleep(0)
            return {"type": "http.request", "body": b"a", "more_body": True}

    monkeypatch.setattr(request_body, "WHOLE", 0.0)
    with pytest.raises(RequestDataTooBig, match="did not arrive"):
        read(Dribbling([], kind=FORM, length=10_000))
