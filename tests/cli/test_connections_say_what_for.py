"""Attacker: a stranger who opens connections and does not ask, or dribbles. Guarantee: G-36.

Two connections of the same age: the one that never finishes the head of its request is closed, and only then is the
other one's request, which was whole, answered.
"""

import asyncio
import socket
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from muniment.cli import connections

WHOLE = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


async def _opened(config: uvicorn.Config, sent: bytes) -> socket.socket:
    """The far end of a connection on which `sent` has been sent."""
    near, far = socket.socketpair()
    far.setblocking(False)
    far.sendall(sent)
    loop = asyncio.get_running_loop()
    await loop.connect_accepted_socket(lambda: connections.PromptConnection(config, ServerState(), {}), near)
    return far


async def _both(silent: bytes) -> tuple[bytes, bytes]:
    closed = asyncio.Event()

    async def application(scope: Any, receive: Any, send: Any) -> None:
        await closed.wait()
        await send({"type": "http.response.start", "status": 204, "headers": [(b"connection", b"close")]})
        await send({"type": "http.response.body"})

    config = uvicorn.Config(application, lifespan="off", log_config=None)
    config.load()
    loop = asyncio.get_running_loop()
    with await _opened(config, WHOLE) as asked, await _opened(config, silent) as late:
        told = await loop.sock_recv(late, 1000)  # nothing: it is closed
        closed.set()
        return told, await loop.sock_recv(asked, 1000)


@pytest.mark.parametrize("silent", [b"", b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: "])
def test_who_does_not_finish_the_head_of_a_request_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch, silent: bytes
) -> None:
    monkeypatch.setattr(connections, "PATIENCE", 0.05)
    told, answered = asyncio.run(asyncio.wait_for(_both(silent), 20))
    assert told == b""
    assert answered.startswith(b"HTTP/1.1 204 No Content\r\n")


async def _answered_early() -> tuple[bytes, bytes]:
    """What is heard of a request whose body is not finished: first, and after another letter of it."""

    async def application(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    config = uvicorn.Config(application, lifespan="off", log_config=None, timeout_keep_alive=1000)
    config.load()
    loop = asyncio.get_running_loop()
    with await _opened(config, b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\na") as dribbling:
        answer = await loop.sock_recv(dribbling, 1000)
        await loop.sock_sendall(dribbling, b"b")
        return answer, await loop.sock_recv(dribbling, 1000)


def test_the_rest_of_a_body_that_was_answered_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "PATIENCE", 0.05)
    answer, after = asyncio.run(asyncio.wait_for(_answered_early(), 20))
    assert answer.startswith(b"HTTP/1.1 204 No Content\r\n")
    assert after == b""


async def _told_of(config: uvicorn.Config, sent: bytes) -> bytes:
    """What is heard of a request; nothing, when the connection is closed instead."""
    loop = asyncio.get_running_loop()
    with await _opened(config, b"") as far:
        try:
            await loop.sock_sendall(far, sent)
            return await loop.sock_recv(far, 1000)
        except (BrokenPipeError, ConnectionResetError):
            return b""


def _answering(seen: list[Any]) -> uvicorn.Config:
    async def application(scope: Any, receive: Any, send: Any) -> None:
        while (await receive()).get("more_body"):
            continue
        seen.append(dict(scope["headers"]))
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    config = uvicorn.Config(application, lifespan="off", log_config=None)
    config.load()
    return config


@pytest.mark.parametrize(("fields", "answered"), [(10, True), (200, False)])
def test_a_head_without_an_end_is_not_kept(fields: int, answered: bool) -> None:
    """Each field has 4 KiB; nothing is read at once that large, so that the head arrives in pieces."""
    seen: list[Any] = []
    head = b"GET / HTTP/1.1\r\nHost: localhost\r\n" + (b"X-Long: " + b"a" * 4096 + b"\r\n") * fields
    told = asyncio.run(asyncio.wait_for(_told_of(_answering(seen), head + b"\r\n"), 20))
    assert told.startswith(b"HTTP/1.1 204") is answered
    assert len(seen) == answered


def test_fields_behind_a_body_are_none_of_its_head() -> None:
    seen: list[Any] = []
    sent = b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n"
    trailers = b"X-Forwarded-For: 10.0.0.1\r\n\r\n"
    told = asyncio.run(asyncio.wait_for(_told_of(_answering(seen), sent + trailers), 20))
    assert told.startswith(b"HTTP/1.1 204")
    assert seen == [{b"host": b"localhost", b"transfer-encoding": b"chunked"}]
