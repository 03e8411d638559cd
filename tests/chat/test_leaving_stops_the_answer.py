"""Each event is sent while the next one is still being made; who leaves stops the answer, and what was said is kept.

Through the server's own application, message by message as the ASGI specification has them.
"""

import asyncio
import threading
from collections.abc import Iterator
from threading import Barrier
from urllib.parse import urlencode

import pytest
from django.test import AsyncClient

from muniment.agents.models import Agent
from muniment.chat.models import Conversation
from muniment.chat.services import answers
from muniment.chat.types import AnswerRequest, Citation, Refusal, Sentence
from muniment.core import relay
from muniment.core.request_handler import RequestHandler
from tests.cast import Person
from tests.chat.conftest import PARKING, parsed


class SlowAnswerer:
    """Says one sentence, and the next one only when nobody listens any more."""

    def answer(self, request: AnswerRequest) -> Iterator[Sentence | Refusal]:
        chunk = request.passages[0].parts[0]
        for end in (5, 9):
            quote = chunk.text[:end]
            yield Sentence(
                quote, (Citation(chunk.document, chunk.number, chunk.page, chunk.start, chunk.start + end, quote),)
            )
            while not request.stopped():
                pass


class Browser:
    """Posts a form to the application; leaves when told."""

    def __init__(self, person: Person, path: str, page: str, fields: dict[str, str]) -> None:
        token = str(person.client.get(page).context["csrf_token"])
        cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in person.client.cookies.items())
        self._body = urlencode(fields | {"csrfmiddlewaretoken": token}).encode()
        self.received = b""
        self._asked = False
        self.scope = {
            "type": "http",
            "method": "POST",
            "path": path,
            "query_string": b"",
            "headers": [
                (b"host", b"localhost:8000"),
                (b"cookie", cookies.encode()),
                (b"accept", b"text/event-stream"),
                (b"content-type", b"application/x-www-form-urlencoded"),
                (b"content-length", str(len(self._body)).encode()),
            ],
            "client": ("127.0.0.1", 1),
        }

    async def post(self, *, leave_at: bytes) -> None:
        left = asyncio.Event()

        async def receive() -> dict[str, object]:
            if not self._asked:
                self._asked = True
                return {"type": "http.request", "body": self._body, "more_body": False}
            await left.wait()
            return {"type": "http.disconnect"}

        async def send(message: dict[str, object]) -> None:
            self.received += message.get("body", b"")  # type: ignore[operator]
            if leave_at in self.received:
                left.set()

        await RequestHandler()(self.scope, receive, send)


def test_what_was_said_before_leaving_is_kept(alice: Person, agent: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("muniment.chat.answer.ANSWERER", SlowAnswerer())
    browser = Browser(alice, f"{agent.url}/ask", agent.url, {"question": PARKING})
    asyncio.run(browser.post(leave_at=b"event: html"))
    names = [name for name, _ in parsed(browser.received)]
    assert names == ["status", "question", "status", "passages", "html"]
    _drain()
    (conversation,) = Conversation.objects.all()
    (turn,) = alice.client.get(f"{agent.url}/conversations/{conversation.pk}").context["turns"]
    assert turn["state"] == "stopped"
    assert turn["html"].count("data-citation") == 1


def test_a_silence_is_filled_with_comments(alice: Person, agent: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("muniment.chat.answer.ANSWERER", SlowAnswerer())
    monkeypatch.setattr(relay, "QUIET", 0.05)
    browser = Browser(alice, f"{agent.url}/ask", agent.url, {"question": PARKING})
    asyncio.run(browser.post(leave_at=b"\n:\n\n"))
    assert parsed(browser.received)[0] == ("status", {"step": "searching"})
    _drain()


def _drain() -> None:
    """Until every place has finished what it was at."""
    barrier = Barrier(answers.places)
    for waiting in [answers.submit(f"person {number}", barrier.wait) for number in range(answers.places)]:
        waiting.result()


def test_fifty_at_once_are_all_answered_by_a_few_threads(alice: Person, agent: Agent) -> None:
    client = AsyncClient()
    client.cookies = alice.client.cookies

    async def ask() -> bytes:
        response = await client.post(f"{agent.url}/ask", {"question": PARKING}, headers={"Accept": "text/event-stream"})
        return b"".join([piece async for piece in response.streaming_content])

    async def all_of_them() -> list[bytes]:
        return await asyncio.gather(*(ask() for _ in range(50)))

    bodies = asyncio.run(all_of_them())
    assert all(dict(parsed(body)).get("done", {}).get("html") for body in bodies)
    assert sum(thread.name.startswith("ask") for thread in threading.enumerate()) <= answers.places
    assert Conversation.objects.count() == 50
