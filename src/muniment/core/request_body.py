"""Bodies of requests, which never touch a disk.

Django's own ASGI handler copies every body into a file that moves to the system's temp folder when it grows, in clear,
before any code of ours runs. Attack stopped: who can read the temp folder, or its free blocks, reads uploads.
Here a form lies in memory and is refused when it is larger than a form may be, and so does what is small; any other
body is not read until the view reads it, by which time session, CSRF and permission have been checked, and then
straight from the connection.

Attack stopped: forms are read before anybody knows who sends them; many large ones at once, never finished, would
fill the memory. Together they have a budget, and one that stands still is given up. Small ones, as a person types them,
are outside of it, so that a full budget keeps nobody from signing in or asking.

Residue accepted: a large body that arrives slowly holds one thread until it has stood still for a minute. Whoever keeps
the budget full keeps others from sending large forms; files sent by the page's own script are none.
"""

import asyncio
import io
from collections.abc import Callable, Iterable
from concurrent.futures import CancelledError
from typing import Any, cast

from asgiref.typing import ASGIReceiveCallable, HTTPScope
from django.conf import settings
from django.core.exceptions import RequestAborted, RequestDataTooBig

STILL = 60.0  # seconds without a byte after which the other end counts as gone
WHOLE = 300.0  # seconds in which a form must have arrived, however many its pieces
SMALL = 2**16  # bytes of a form that it may always have
TOGETHER = 64 * 2**20  # bytes of all that is larger, in this process
_DIGITS = 20  # of a length; one that is written with more is enforced like one that nobody said
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class ClientGoneError(OSError):
    """The other end left, or stood still, before the body was whole. Django passes it on as UnreadablePostError."""


class _Budget:
    """Bytes of large forms in memory. Touched from the event loop alone."""

    held = 0


class RequestConnection:
    """The receiving half of one request. Only one side reads at a time: the body first, then the wait for the end."""

    def __init__(self, scope: HTTPScope, receive: ASGIReceiveCallable) -> None:
        headers = {name.lower(): value.decode("latin1") for name, value in scope["headers"]}
        self._kind = headers.get(b"content-type", "").partition(";")[0].strip().lower()
        announced = headers.get(b"content-length", "0" if b"transfer-encoding" not in headers else "")
        self._length = int(announced) if announced.isdecimal() and len(announced) < _DIGITS else None
        self._receive = receive
        self._settled = asyncio.Event()  # the body is whole, or nobody is there to send the rest
        self._waiting: asyncio.Task[Any] | None = None
        self._held = 0
        self.is_whole = False

    async def body(self) -> Any:
        """A file-like object: in memory for forms and for nothing at all, else fed by the connection."""
        if self._length == 0:  # most requests, and nothing is waited for
            self.is_whole = True
            self._settled.set()
            return io.BytesIO()
        try:
            if self._kind in _FORMS:
                return await self._whole(self._form_limit(), RequestDataTooBig)
            if self._length is not None and self._length <= SMALL:  # a thread that fetches it is held, and takes longer
                return await self._whole(SMALL, ClientGoneError)
        except ClientGoneError:
            raise RequestAborted from None
        return StreamedBody(self, asyncio.get_running_loop())

    def _form_limit(self) -> int:
        is_multipart = self._kind == "multipart/form-data"
        return settings.FILE_UPLOAD_MAX_MEMORY_SIZE if is_multipart else settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0

    async def _whole(self, limit: int, refusal: Callable[[str], Exception]) -> "io.BytesIO | _Unread":
        """Enforced while it arrives, whatever length was announced. The server lets the rest run out unread."""
        if self._length is not None and self._length > limit:
            return _Unread(refusal(_TOO_LARGE))
        kept = io.BytesIO()
        try:
            async with asyncio.timeout(WHOLE):
                while piece := await asyncio.wait_for(self.next(), STILL):
                    if kept.tell() + len(piece) > limit:
                        return _Unread(refusal(_TOO_LARGE))
                    if not self._hold(kept.tell() + len(piece)):
                        return _Unread(refusal(_TOO_MANY))
                    kept.write(piece)
        except TimeoutError:
            return _Unread(refusal(_TOO_SLOW))
        kept.seek(0)
        return kept

    def _hold(self, size: int) -> bool:
        """Whether there is room for a form of this size; held until the request is over."""
        more = size - self._held if size > SMALL else 0
        if _Budget.held + more > TOGETHER:
            return False
        _Budget.held += more
        self._held += more
        return True

    async def next(self) -> bytes:
        """The next piece, of no more than the server buffers (64 KiB for uvicorn); empty at the end."""
        while not self.is_whole:
            self._waiting = asyncio.ensure_future(cast("Any", self._receive()))
            message = await self._waiting
            if message["type"] == "http.disconnect":
                self._settled.set()
                raise ClientGoneError("The connection broke off before everything had arrived.")
            if not message.get("more_body", False):
                self.is_whole = True
                self._settled.set()
            if message.get("body"):
                return cast("bytes", message["body"])
        return b""

    async def left(self) -> None:
        """Returns when the other end has gone."""
        await self._settled.wait()
        if self.is_whole:
            while (await self._receive())["type"] != "http.disconnect":
                continue

    def abandon(self) -> None:
        _Budget.held -= self._held
        self._held = 0
        if self._waiting is not None:
            self._waiting.cancel()


class StreamedBody:
    """Read from a thread; each piece is fetched from the event loop when it is asked for, so no more than one waits."""

    def __init__(self, connection: RequestConnection, loop: asyncio.AbstractEventLoop) -> None:
        self._connection = connection
        self._loop = loop
        self._piece = b""

    def read(self, size: int = -1) -> bytes:
        """`size` bytes, fewer only at the end; everything for -1. Raises ClientGoneError."""
        parts: list[bytes] = []
        missing = size
        while missing:
            self._piece = self._piece or self._next()
            part = self._piece[:missing] if missing > 0 else self._piece
            if not part:
                break
            self._piece = self._piece[len(part) :]
            parts.append(part)
            missing -= len(part) if missing > 0 else 0
        return b"".join(parts)

    def close(self) -> None:
        """Nothing is held."""

    def _next(self) -> bytes:
        future = asyncio.run_coroutine_threadsafe(self._connection.next(), self._loop)
        try:
            return future.result(STILL)
        except TimeoutError:
            future.cancel()
            raise ClientGoneError("Nothing arrived for a minute.") from None
        except CancelledError:
            raise ClientGoneError("The server is stopping.") from None


_TOO_LARGE = "A form of this size is not read. Large files are sent by the page's own script."
_TOO_MANY = "The server is reading too many large forms. Send it again in a minute."
_TOO_SLOW = "The form did not arrive. Send it again."


class _Unread:
    """A body that was not read: whoever asks for it is told why."""

    def __init__(self, why: Exception) -> None:
        self._why = why

    def read(self, size: int = -1) -> bytes:  # noqa: ARG002 - the signature of a file
        raise self._why

    def close(self) -> None:
        """Nothing is held."""


def pieces(read: Callable[[int], bytes], size: int = 1 << 18) -> Iterable[bytes]:
    """What `read` gives, piece by piece, to the end."""
    return iter(lambda: read(size), b"")
