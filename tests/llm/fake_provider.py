"""A provider of chat models on loopback that records every byte it is sent, and answers as a test wants it to.

A *brain* turns what it was asked into the bytes of a whole HTTP answer, in pieces. `obedient` does what documents say.
"""

import json
import re
import socket
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import chain, repeat
from typing import Any


@dataclass(frozen=True)
class Asked:
    """One request, as it came over the wire."""

    raw: bytes

    @property
    def head(self) -> str:
        return self.raw.partition(b"\r\n\r\n")[0].decode("latin-1")

    @property
    def path(self) -> str:
        return self.head.split(" ")[1]

    @property
    def body(self) -> dict[str, Any]:
        return dict(json.loads(self.raw.partition(b"\r\n\r\n")[2] or b"{}"))

    @property
    def text(self) -> str:
        """All messages, one below the other."""
        return "\n".join(message["content"] for message in self.body.get("messages", []))


Reply = Iterable[bytes]
Brain = Callable[[Asked], Reply]


def said(text: str, *, cut: int | None = None, usage: tuple[int, int] | None = None) -> Reply:
    """A streamed answer, a chunk for each word; on the wire in pieces of `cut` bytes."""
    chunks = [_chunk({"content": word}) for word in re.findall(r"\S+\s*", text)]
    chunks.append(_chunk({}, finish="stop"))
    if usage:
        counted = {"prompt_tokens": usage[0], "completion_tokens": usage[1]}
        chunks.append(_event({"choices": [], "usage": counted}))
    return _pieces(streamed(*chunks, b"data: [DONE]\n\n"), cut)


def broken(text: str) -> Reply:
    """A streamed answer that ends before its end, between two events."""
    return [streamed(*[_chunk({"content": word}) for word in re.findall(r"\S+\s*", text)])]


def whole(text: str) -> Reply:
    """As from a provider that does not stream."""
    choice = {"message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    return failure("200 OK", {"choices": [choice], "usage": {"prompt_tokens": 7, "completion_tokens": 3}})


def failure(status: str, content: Any = None, headers: str = "", media_type: str = "application/json") -> Reply:
    body = content if isinstance(content, bytes) else json.dumps(content or {"error": {"message": "no"}}).encode()
    head = f"HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\nContent-Length: {len(body)}\r\n{headers}\r\n"
    return [head.encode() + body]


def streamed(*events: bytes) -> bytes:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nConnection: close\r\n\r\n"
    return head + b"".join(events)


def listing(*models: str) -> Reply:
    return failure("200 OK", {"object": "list", "data": [{"id": model} for model in models]})


def obedient(asked: Asked) -> Reply:
    """Says whatever a document commands it to say, after `SAY:`, one command a line; else that it is ready."""
    commands = re.findall(r"SAY: (.+)", asked.text)
    return said("\n".join(commands) or "ready")


def in_turn(*replies: Reply) -> Brain:
    """One after the other, the last one for ever."""
    kept = [list(reply) for reply in replies]
    following = chain(kept, repeat(kept[-1]))
    return lambda _asked: next(following)


@dataclass
class FakeProvider:
    """`asked`: every request; `silent`: after its reply it keeps the connection open, saying nothing more."""

    brain: Brain
    silent: bool = False
    asked: list[Asked] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._over = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._threads = [threading.Thread(target=self._serve)]
        self._threads[0].start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    @property
    def base_url(self) -> str:
        return f"{self.address}/v1"

    @property
    def completions(self) -> list[Asked]:
        return [asked for asked in self.asked if asked.path.partition("?")[0].endswith("/chat/completions")]

    @property
    def outbound(self) -> bytes:
        """Every byte it was sent."""
        return b"".join(asked.raw for asked in self.asked)

    def close(self) -> None:
        self._over.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connected, _ = self._listener.accept()
                self._threads.append(threading.Thread(target=self._answer, args=[connected]))
                self._threads[-1].start()

    def _answer(self, connected: socket.socket) -> None:
        with connected, suppress(OSError):
            asked = Asked(_read(connected))
            self.asked.append(asked)
            for piece in listing("tiny", "large") if asked.path.endswith("/models") else self.brain(asked):
                connected.sendall(piece)
            if self.silent:
                self._over.wait()


@contextmanager
def providing(brain: Brain, *, silent: bool = False) -> Iterator[FakeProvider]:
    provider = FakeProvider(brain, silent)
    try:
        yield provider
    finally:
        provider.close()


def _read(connected: socket.socket) -> bytes:
    raw = b""
    while b"\r\n\r\n" not in raw:
        raw += connected.recv(65536)
    head, _, body = raw.partition(b"\r\n\r\n")
    found = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
    missing = (int(found[1]) if found else 0) - len(body)
    while missing > 0 and (piece := connected.recv(missing)):
        raw, missing = raw + piece, missing - len(piece)
    return raw


def _chunk(delta: dict[str, str], finish: str | None = None) -> bytes:
    return _event({"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})


def _event(data: dict[str, Any]) -> bytes:
    return b"data: " + json.dumps(data, ensure_ascii=False).encode() + b"\n\n"


def _pieces(content: bytes, cut: int | None) -> Sequence[bytes]:
    return [content[at : at + cut] for at in range(0, len(content), cut)] if cut else [content]
