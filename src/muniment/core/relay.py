"""Pieces made in a thread, sent by the event loop: streams what is synchronous without a thread for each who waits."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import suppress
from threading import Event
from typing import Any

from django.db import connections
from django.utils.translation import get_language, override

from muniment.core.turns import Turns

QUIET = 15.0  # seconds without a piece after which a comment shows that the connection lives
Left = Callable[[], bool]


async def relayed(
    produce: Callable[[Left], Iterable[bytes]], *, turns: Turns, person: str, opening: bytes = b""
) -> AsyncIterator[bytes]:
    """`opening` at once, then what `produce` yields when it is the person's turn. `produce` is given a function that
    says whether the client has left. It runs to its end also then, so that what was said is kept; one whose turn has
    not come yet is not begun.
    """
    loop = asyncio.get_running_loop()
    waiting: asyncio.Queue[bytes | None] = asyncio.Queue()
    left = Event()
    language = get_language() or "en"

    def send(piece: bytes | None) -> None:
        with suppress(RuntimeError):  # the server stopped, and its loop with it: nobody listens any more
            loop.call_soon_threadsafe(waiting.put_nowait, piece)

    def run() -> None:
        try:
            with override(language):
                for piece in produce(left.is_set):
                    send(piece)
        finally:
            connections.close_all()  # this thread's own: no request ends here that would do it
            send(None)

    job = turns.submit(person, run)
    try:
        if opening:
            yield opening
        while piece := await _next(waiting):
            yield piece
    finally:
        left.set()
        job.cancel()


def event(data: Any, *, name: str = "") -> bytes:
    """One server-sent event (WHATWG HTML, section 9.2).

    Attack stopped: a document whose text begins an event of its own. JSON holds no line break, whatever is in it.
    """
    named = f"event: {name}\n" if name else ""
    return f"{named}data: {json.dumps(data)}\n\n".encode("ascii")


async def _next(waiting: "asyncio.Queue[bytes | None]") -> bytes | None:
    try:
        return await asyncio.wait_for(waiting.get(), QUIET)
    except TimeoutError:
        return b":\n\n"
