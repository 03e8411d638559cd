"""A server on loopback that says exact bytes, and remembers what it was told."""

import socket
import ssl  # noqa: TID251 - the other side of the door
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any


class Speaker:
    """To each connection: reads until a blank line, says `pieces` one by one, ends. `silent` keeps it open, unsaid."""

    def __init__(self, pieces: Sequence[bytes], *, silent: bool, tls: ssl.SSLContext | None) -> None:
        self.heard: list[bytes] = []
        self.connections = 0
        self._pieces, self._silent, self._tls = pieces, silent, tls
        self._over = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def close(self) -> None:
        self._over.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connected, _ = self._listener.accept()
                self.connections += 1
                with suppress(OSError):
                    self._speak(connected)

    def _speak(self, connected: socket.socket) -> None:
        with connected, self._secured(connected) as line:
            heard = b""
            while b"\r\n\r\n" not in heard and (piece := line.recv(65536)):
                heard += piece
            self.heard.append(heard)
            for piece in self._pieces:
                line.sendall(piece)
            if self._silent:
                self._over.wait()
            line.shutdown(socket.SHUT_WR)

    def _secured(self, connected: socket.socket) -> Any:
        return self._tls.wrap_socket(connected, server_side=True) if self._tls else connected


@contextmanager
def speaking(*pieces: bytes, silent: bool = False, tls: ssl.SSLContext | None = None) -> Iterator[Speaker]:
    speaker = Speaker(pieces, silent=silent, tls=tls)
    try:
        yield speaker
    finally:
        speaker.close()


def answer(body: bytes = b"", *, status: str = "200 OK", headers: str = "") -> bytes:
    """A whole HTTP answer."""
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{headers}\r\n".encode() + body
