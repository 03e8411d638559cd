"""Connections to the web server: whoever opens one says soon, and in few words, what for."""

import asyncio
from typing import cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

PATIENCE = 20.0  # seconds in which the head of a request, or the rest of a body already answered, must be whole
HEAD = 2**16  # bytes of a head, beyond the first piece of it that arrives


class PromptConnection(HttpToolsProtocol):
    """uvicorn's HTTP/1.1, which by itself waits for ever for what a client owes it, and keeps whatever it is told.

    Attacks stopped: a stranger opens connections and says nothing, or a letter a minute, until the process has no file
    descriptor left for anybody else ("slowloris"); or sends a head without an end, which fills the memory; or sends
    fields behind the body (RFC 9112, section 7.1.2), which would fill it too, or pass for the proxy's. Bodies that are
    being read are limited where they are read (core/request_body.py). Residue accepted: against who opens new
    connections faster than they are closed helps a firewall, or a proxy in front.
    """

    _late: asyncio.TimerHandle | None = None
    _is_in_head = False
    _head = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        was_in_head = self._is_in_head
        super().data_received(data)
        if was_in_head and self._is_in_head:
            self._head += len(data)
        if self._head > HEAD:
            self.transport.close()
        elif not self._owes():
            self._stop_waiting()
        elif self._late is None:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._is_in_head, self._head = True, 0

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._is_in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._is_in_head = False
        super().on_headers_complete()

    def _owes(self) -> bool:
        """Whether the client has a head to finish, or a body that nobody needs any more."""
        asked = cast("RequestResponseCycle | None", self.cycle)  # as uvicorn's own is, before the first head
        return asked is None or asked.response_complete

    def _wait(self) -> None:
        self._late = self.loop.call_later(PATIENCE, self._give_up)

    def _stop_waiting(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _give_up(self) -> None:
        self._late = None
        if self._owes() and not self.transport.is_closing():
            self.transport.close()
