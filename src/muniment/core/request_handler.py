"""Django on ASGI: a request waits in the event loop, and is answered in one thread.

docs/decisions/0026-the-way-of-a-request.md.

Django's own handler runs each synchronous middleware in the event loop's stead, there and back again, seven times for
each request; and a thread that was made for the request cannot keep its connection to the control plane.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from concurrent.futures import Future
from contextvars import copy_context
from functools import partial
from typing import Any, cast

from asgiref.sync import ThreadSensitiveContext
from asgiref.typing import HTTPScope
from django.core import signals
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.db import close_old_connections
from django.http.response import HttpResponseBase
from django.urls import URLResolver, get_resolver, set_script_prefix

from muniment.core.request_body import RequestConnection
from muniment.core.request_threads import WAITED, RequestThreads, is_in_line

IDLE = 8  # threads that are kept, each with a connection to the control plane: no more can work at once on few cores
IN_LINE = 3  # dear requests at once: two hash, the others read and write meanwhile (accounts.hashers.AT_ONCE)
ASKED_FOR = 2  # of their forms at once: a few milliseconds each
LAST = 5.0  # seconds a request may still take when the server stops

_Send = Callable[[Any], Awaitable[None]]


class RequestHandler(ASGIHandler):
    def __init__(self) -> None:
        super().__init__()
        for signal in (signals.request_started, signals.request_finished):
            signal.disconnect(close_old_connections)  # the threads do it, once between two requests
        self._dear = frozenset(_in_line(get_resolver().url_patterns))
        self._threads = RequestThreads("request", kept=IDLE)
        self._line = RequestThreads("line", kept=IN_LINE, most=IN_LINE)
        self._forms = RequestThreads("forms", kept=ASKED_FOR, most=ASKED_FOR)

    def load_middleware(self, is_async: bool = False) -> None:  # noqa: ARG002 - Django's signature
        super().load_middleware(is_async=False)

    def close(self) -> None:
        """When nothing more is asked."""
        for threads in (self._threads, self._line, self._forms):
            threads.close(LAST)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            raise ValueError("Muniment answers HTTP alone.")
        connection = RequestConnection(scope, receive)
        try:
            await self._handle(scope, connection, send)
        except RequestAborted:
            pass  # nobody is there to be answered
        finally:
            connection.abandon()  # a thread that still waits for a piece must not wait for a loop that has moved on

    async def _handle(self, scope: HTTPScope, connection: RequestConnection, send: _Send) -> None:
        body = await connection.body()
        context = copy_context()  # what the request activates, as its language, ends with it
        answering = partial(context.run, self._answer, scope, body, time.monotonic())
        if scope["path"] in self._dear:
            line = self._line if scope["method"] == "POST" else self._forms
            response = await _unless_left(line.submit(answering), connection)
        else:
            response = await asyncio.wrap_future(self._threads.submit(answering))
        if not response.streaming:
            await self.send_response(response, send)
            return
        streaming = asyncio.create_task(self._stream(response, send), context=context)
        try:
            await _unless_left(streaming, connection)
        finally:
            await asyncio.wrap_future(self._threads.submit(partial(context.run, response.close)))

    def _answer(self, scope: HTTPScope, body: Any, began: float) -> HttpResponseBase:
        """All that Django does for a request, in one thread."""
        set_script_prefix(get_script_prefix(scope))
        signals.request_started.send(sender=self.__class__, scope=scope)
        request, refusal = self.create_request(cast("Any", scope), body)
        if request is not None:
            request.META[WAITED] = time.monotonic() - began
        response = self.get_response(request) if request is not None else cast("HttpResponseBase", refusal)
        if not response.streaming:
            response.close()  # gives back what belongs to the thread; the content is there
        return response

    async def _stream(self, response: HttpResponseBase, send: _Send) -> None:
        async with ThreadSensitiveContext():
            await self.send_response(response, send)


def _in_line(patterns: Iterable[Any], before: str = "/") -> Iterator[str]:
    """The addresses whose views are marked so; none of them has a parameter."""
    for one in patterns:
        here = f"{before}{one.pattern}"
        if isinstance(one, URLResolver):
            yield from _in_line(one.url_patterns, here)
        elif is_in_line(one.callback):
            yield here


async def _unless_left(work: "Future[Any] | asyncio.Task[Any]", connection: RequestConnection) -> Any:
    """The work's result. Whoever leaves meanwhile has it cancelled: RequestAborted."""
    working = work if isinstance(work, asyncio.Task) else asyncio.wrap_future(work)
    leaving = asyncio.create_task(connection.left())
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise RequestAborted
        return working.result()
    finally:
        leaving.cancel()
        if not working.done():
            working.cancel()
            await asyncio.wait({working})
