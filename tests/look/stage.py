"""A server that plays the other half of the pages' scripts: a test decides when the next event is sent."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Queue
from typing import Any

from tests.look.preview import Desk, render, serving
from tests.look.samples_agents import AGENT
from tests.look.samples_chat import PASSAGES

Event = tuple[str, Any]
QUESTION: Event = ("question", {"conversation": "c9", "message": "m9", "searched_for": None})
WAIT = 10


class Stage:
    """What the pages sent, and the events that wait to be sent to them."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.received: Queue[tuple[str, dict[str, str], bytes]] = Queue()
        self.events: Queue[Event | None] = Queue()
        self.answers: Queue[tuple[int, dict[str, Any]]] = Queue()

    def say(self, *events: Event) -> None:
        for event in events:
            self.events.put(event)

    def hang_up(self) -> None:
        """End the stream."""
        self.events.put(None)

    def page(self, state: str) -> str:
        return f"{self.address}/preview/{state}"


class Player(Desk):
    stage: Stage

    def do_GET(self) -> None:  # noqa: N802 - the parent's name
        if self.headers.get("HX-Request") and self.path.startswith("/preview/"):
            self.send(render("agents/documents").encode(), "text/html; charset=utf-8")
        else:
            super().do_GET()

    def answer(self, path: str) -> None:
        if self.command == "GET" and path.startswith(f"{AGENT['url']}/documents/"):
            state = "chat/source--text" if "1300" in self.path else "chat/source"
            self.send(render(state).encode(), "text/html; charset=utf-8")
        elif self.command == "GET":
            super().answer(path)
        else:
            self.take(path)

    def take(self, path: str) -> None:
        stage = self.stage
        body = self.rfile.read(int(self.headers["Content-Length"]))
        stage.received.put((path, dict(self.headers.items()), body))
        if "text/event-stream" in self.headers.get("Accept", ""):
            self.stream()
            return
        status, answer = stage.answers.get(timeout=WAIT)
        self.send(json.dumps(answer).encode(), "application/json", status)

    def stream(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        try:
            while event := self.stage.events.get(timeout=WAIT):
                self.wfile.write(f"event: {event[0]}\ndata: {json.dumps(event[1])}\n\n".encode())
                self.wfile.flush()
        except (BrokenPipeError, ConnectionResetError):
            return  # the page stopped listening


@contextmanager
def staged() -> Iterator[Stage]:
    player = type("ThisPlayer", (Player,), {})
    with serving(player) as address:
        player.stage = Stage(address)
        yield player.stage


def sentence(number: int) -> Event:
    marker = '<a class="citation" href="#source-m9-1" data-citation="1" aria-label="Source 1">1</a>'
    return "html", {"html": f"<p>Sentence {number}.{marker}</p>", "sentence": number}


SOURCES: Event = ("passages", PASSAGES)
