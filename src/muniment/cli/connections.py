"""Connections to the web server: whoever opens one says soon what for."""

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

PATIENCE = 20.0  # seconds in which the head of a request, or the rest of a body already answered, must be whole


class PromptConnection(H11Protocol):
    """uvicorn's HTTP/1.1, which by itself waits for ever for what a client owes it.

    Attack stopped: a stranger opens connections and says nothing, or a letter a minute, until the process has no file
    descriptor left for anybody else ("slowloris"). Bodies that are being read are limited where they are read
    (core/request_body.py). Residue accepted: against who opens new connections faster than they are closed helps a
    firewall, or a proxy in front.
    """

    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if not self._owes():
            self._stop_waiting()
        elif self._late is None:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def _owes(self) -> bool:
        """Whether the client has a head to finish, or a body that nobody needs any more."""
        return self.conn.their_state is h11.IDLE or self.conn.our_state is h11.DONE

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
