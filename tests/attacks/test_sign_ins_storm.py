"""Attacker: sends hundreds of sign-ins at once. Move: has each of them want memory, the interpreter and the database,
until nobody else is answered. Guarantee: G-36; what a storm takes is measured by `python -m evaluations sign_in`."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from muniment.accounts import hashers
from muniment.accounts.forms import SignInForm
from muniment.accounts.views import signing_in as signing_in_views
from muniment.core.request_handler import ASKED_FOR, IN_LINE, RequestHandler
from tests.accounts.signing_in import sign_in
from tests.cast import PASSWORD, Person

STORM = 30


class Visitor:
    """Sends one request to the application, as the server would; stays until told to leave."""

    def __init__(
        self, handler: RequestHandler, method: str, path: str, *, cookies: str = "", body: bytes = b""
    ) -> None:
        self.status = 0
        self.left = asyncio.Event()
        self._handler, self._pieces = handler, [body]
        headers = [(b"host", b"localhost:8000"), (b"cookie", cookies.encode())]
        if body:
            headers += [(b"content-type", b"application/x-www-form-urlencoded")]
            headers += [(b"content-length", str(len(body)).encode())]
        self._scope: Any = {"type": "http", "method": method, "path": path, "query_string": b"", "headers": headers}
        self._scope["client"] = ("127.0.0.1", 1)

    async def send(self) -> int:
        async def receive() -> Any:
            if self._pieces:
                return {"type": "http.request", "body": self._pieces.pop(), "more_body": False}
            await self.left.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            self.status = message.get("status", self.status)

        await self._handler(self._scope, receive, send)
        return self.status


def signing_in(handler: RequestHandler, email: str) -> Visitor:
    client = Client()
    token = str(client.get("/sign-in").context["csrf_token"])
    fields = {"email": email, "password": PASSWORD, "csrfmiddlewaretoken": token}
    return Visitor(handler, "POST", "/sign-in", cookies=_cookies(client), body=urlencode(fields).encode())


def _cookies(client: Client) -> str:
    return "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())


@contextmanager
def handling() -> Iterator[RequestHandler]:
    handler = RequestHandler()
    try:
        yield handler
    finally:
        handler.close()


@pytest.mark.django_db(transaction=True)
def test_those_that_wait_do_no_work(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """While every place in the line is taken others wait without a thread, and pages are answered; who leaves the line
    is never hashed.
    """
    hashed: list[str] = []
    begun, opened = threading.Semaphore(0), threading.Event()

    def slow(*_: Any) -> bool:
        hashed.append(threading.current_thread().name)
        begun.release()
        return opened.wait(30)

    monkeypatch.setattr(hashers.ArgonHasher, "verify", slow)

    pages = [("/agents", _cookies(alice.client)), ("/sign-in", "")]

    async def storm(handler: RequestHandler, visitors: list[Visitor]) -> list[int]:
        sent = [asyncio.create_task(visitor.send()) for visitor in visitors]
        for _ in range(IN_LINE):
            await asyncio.to_thread(begun.acquire)
        statuses = [await Visitor(handler, "GET", path, cookies=cookies).send() for path, cookies in pages]
        assert statuses == [200, 200]
        assert hashed == ["line"] * IN_LINE
        visitors[-1].left.set()
        await sent[-1]
        opened.set()
        return list(await asyncio.gather(*sent[:-1]))

    with handling() as handler:
        visitors = [signing_in(handler, alice.user.email) for _ in range(STORM)]
        statuses = asyncio.run(storm(handler, visitors))
    assert visitors[-1].status == 0
    assert set(statuses) == {302}
    assert len(hashed) == STORM - 1


@pytest.mark.django_db(transaction=True)
def test_neither_do_those_that_ask_for_the_form(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    at_once: list[str] = []
    begun, opened = threading.Semaphore(0), threading.Event()

    class SlowForm(SignInForm):
        def __init__(self, *given: Any) -> None:
            super().__init__(*given)
            at_once.append(threading.current_thread().name)
            begun.release()
            assert opened.wait(30)

    monkeypatch.setattr(signing_in_views, "SignInForm", SlowForm)
    cookies = _cookies(alice.client)

    async def storm(handler: RequestHandler) -> list[int]:
        sent = [asyncio.create_task(Visitor(handler, "GET", "/sign-in").send()) for _ in range(STORM)]
        for _ in range(ASKED_FOR):
            await asyncio.to_thread(begun.acquire)
        assert await Visitor(handler, "GET", "/agents", cookies=cookies).send() == 200
        assert at_once == ["forms"] * ASKED_FOR
        opened.set()
        return list(await asyncio.gather(*sent))

    with handling() as handler:
        assert set(asyncio.run(storm(handler))) == {200}


def test_who_waited_too_long_is_told_so(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[int] = []
    monkeypatch.setattr(hashers.ArgonHasher, "verify", lambda *_: hashed.append(1) or True)
    monkeypatch.setattr(hashers, "PATIENCE", -1.0)
    assert sign_in(Client(), alice.user.email).status_code == 503
    assert hashed == []
    assert Client().get("/sign-in").status_code == 200


def test_a_place_is_given_back_whatever_happens(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hashers, "_turns", threading.BoundedSemaphore(1))
    for _ in range(3):
        assert sign_in(Client(), alice.user.email, "wrong").status_code == 422
    assert sign_in(Client(), alice.user.email).status_code == 302
