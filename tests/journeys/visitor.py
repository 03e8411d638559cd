"""A visitor without a browser, who may break every rule of HTTP: bytes on a socket, cookies kept by hand."""

import json
import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from tests.journeys.server import Server

WAIT = 120  # seconds, on a busy machine
PASSWORD = "a quiet reading room at dusk"
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    def json(self) -> Any:
        return json.loads(self.body)


class Sending:
    """A request whose head was sent; the body follows as the test says."""

    def __init__(self, visitor: "Visitor", head: str) -> None:
        self._visitor = visitor
        self._socket = socket.create_connection(("127.0.0.1", visitor.server.port), timeout=WAIT)
        self._socket.sendall(head.encode())

    def send(self, data: bytes) -> None:
        self._socket.sendall(data)

    def cut(self) -> None:
        self._socket.close()

    def answer(self) -> Answer:
        with self._socket, self._socket.makefile("rb") as stream:
            raw = stream.read()
        head, _, body = raw.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin1").split("\r\n")
        headers: dict[str, str] = {}
        for name, _, value in (line.partition(": ") for line in lines):
            headers[name.lower()] = value
            if name.lower() == "set-cookie":
                self._visitor.cookies.update([value.partition(";")[0].split("=", 1)])
        return Answer(int(first.split()[1]), headers, body)


@dataclass
class Visitor:
    server: Server
    cookies: dict[str, str] = field(default_factory=dict)

    def begin(self, method: str, path: str, **headers: str) -> Sending:
        """Underscores in the names of headers become hyphens."""
        jar = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        named = {"Host": f"localhost:{self.server.port}", "Origin": self.server.address, "Connection": "close"}
        named |= {"Cookie": jar} | {name.replace("_", "-"): value for name, value in headers.items()}
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in named.items())]
        return Sending(self, "\r\n".join(lines) + "\r\n\r\n")

    def get(self, path: str) -> Answer:
        return self.begin("GET", path).answer()

    def post(self, path: str, fields: Iterable[tuple[str, str]], *, page: str = "") -> Answer:
        """Sends a form with the token of the page it stands on."""
        body = urlencode([("csrfmiddlewaretoken", self.token(page or path)), *fields]).encode()
        sending = self.begin("POST", path, Content_Type=FORM, Content_Length=str(len(body)))
        sending.send(body)
        return sending.answer()

    def token(self, page: str) -> str:
        (found, *_) = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', self.get(page).text)
        return str(found)


def claimed(server: Server, comes: type[Visitor] = Visitor) -> Visitor:
    """The owner of a fresh installation."""
    visitor = comes(server)
    token = server.setup_link().rpartition("#")[2]
    typed = {"token": token, "team": "Reading Room", "email": "alice@example.org"}
    answer = visitor.post("/setup", [*typed.items(), ("password", PASSWORD), ("password_again", PASSWORD)])
    assert answer.status == 302, answer.text
    visitor.get("/setup/recovery-kit")  # the one reminder
    return visitor
