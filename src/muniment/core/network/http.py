"""HTTP/1.1 over a guarded connection: h11 speaks it and cannot open a socket (decision 0015).

One request, one connection. Redirects are not followed, compressed answers not taken, cookies not kept.
"""

import math
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

import h11

from muniment.core.actors import Actor
from muniment.core.network.addresses import split_address
from muniment.core.network.connecting import Line, Resolver, connect, refuse
from muniment.core.network.errors import AnswerError, UnreachableError
from muniment.core.network.types import Purpose, RefusalReason

HEADERS = 64 * 1024  # bytes of all headers of an answer
_MOVED = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds to connect, without a byte, and in all, with connecting; bytes of the answer's body."""

    connect: float = 10.0
    idle: float = 60.0
    total: float = 600.0
    body: int = 8 * 2**20


@dataclass(frozen=True, slots=True)
class Request:
    """`url` is absolute; `query` stands behind it, encoded."""

    method: str
    url: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Response:
    """`headers`: the first of each name, in lower case. `body` comes as it arrives."""

    status: int
    headers: Mapping[str, str]
    body: Iterator[bytes]

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


_until: ContextVar[float] = ContextVar("all_exchanges_end", default=math.inf)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """All exchanges of this block together take no longer; of a block within a block the first to end counts.

    Attack stopped: who is asked several things for one request answers each just before its own time is over.
    """
    token = _until.set(min(_until.get(), time.monotonic() + seconds))
    try:
        yield
    finally:
        _until.reset(token)


@contextmanager
def exchange(
    request: Request,
    *,
    actor: Actor,
    purpose: Purpose,
    limits: Limits | None = None,
    stopped: Callable[[], bool] = lambda: False,
    resolver: Resolver | None = None,
) -> Iterator[Response]:
    """Sends one request; the connection is closed at the end of the block, read to the end or not.

    Raises AddressError, and what `connect` raises; here and while the body is read: UnreachableError, StoppedError,
    AnswerError.
    """
    limits = limits or Limits()
    target, path = split_address(request.url)
    deadline = min(time.monotonic() + limits.total, _until.get())
    connected = connect(
        target, actor=actor, purpose=purpose, timeout=limits.connect, deadline=deadline, resolver=resolver
    )
    line = Line(connected, target, idle=limits.idle, deadline=deadline, stopped=stopped)
    try:
        spoken = _Spoken(line, target.host, limits.body)
        response = spoken.ask(request, path or "/", target.netloc)
        if response.status in _MOVED:
            raise refuse(RefusalReason.REDIRECT, target, actor=actor, purpose=purpose)
        yield response
    finally:
        line.close()


class _Spoken:
    """One request and its answer on a line."""

    def __init__(self, line: Line, host: str, most: int) -> None:
        self._line = line
        self._host = host
        self._most = most
        self._state = h11.Connection(h11.CLIENT, max_incomplete_event_size=HEADERS)

    def ask(self, request: Request, path: str, host: str) -> Response:
        target = f"{path}?{request.query}" if request.query else path
        own = {"Host": host, "Accept-Encoding": "identity", "Connection": "close", "User-Agent": "Muniment"}
        if request.body:
            own["Content-Length"] = str(len(request.body))
        headers = list({**request.headers, **own}.items())
        events = [h11.Request(method=request.method, target=target, headers=headers), h11.EndOfMessage()]
        if request.body:
            events.insert(1, h11.Data(data=request.body))
        self._line.write(b"".join(self._state.send(event) or b"" for event in events))
        while not isinstance(answer := self._next(), h11.Response):
            if not isinstance(answer, h11.InformationalResponse):
                raise self._nonsense()
        found: dict[str, str] = {}
        for name, value in answer.headers:
            found.setdefault(name.decode("ascii", "replace"), value.decode("latin-1"))
        if found.get("content-encoding", "identity") != "identity":
            raise AnswerError(
                "{host} sends compressed answers, which are not taken. Switch that off there.", host=self._host
            )
        return Response(answer.status_code, found, self._body())

    def _body(self) -> Iterator[bytes]:
        size = 0
        while isinstance(event := self._next(), h11.Data):
            size += len(event.data)
            if size > self._most:
                raise AnswerError(
                    "{host} answers with more than the {limit} MiB that are taken.",
                    host=self._host,
                    limit=self._most // 2**20,
                )
            yield bytes(event.data)

    def _next(self) -> object:
        try:
            while (event := self._state.next_event()) is h11.NEED_DATA:
                self._state.receive_data(self._line.read())
        except h11.RemoteProtocolError:
            if self._state.their_state is h11.ERROR and self._state.trailing_data[1]:
                raise UnreachableError("The connection to {host} broke off. Try again.", host=self._host) from None
            raise self._nonsense() from None
        return event

    def _nonsense(self) -> AnswerError:
        return AnswerError("{host} does not answer in HTTP. Check scheme and port of the address.", host=self._host)
