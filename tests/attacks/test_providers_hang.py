"""Attacker: whoever runs a team's identity provider. Move: takes each connection and never answers, or answers each
request just before its time is over, so that whoever signs in there holds a thread, until none is left for others.
Guarantee: G-163."""

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client

from muniment.core.network.addresses import split_address
from muniment.core.network.errors import UnreachableError
from muniment.sso import arriving, metadata, oidc_speaking, patience
from muniment.sso import connections as setting_up
from muniment.sso.errors import ProviderBusyError
from muniment.sso.models import Connection
from muniment.sso.models import OidcProvider as Kept
from muniment.sso.oidc.wire import LIMITS
from muniment.sso.services import OidcDraft, create_connection, set_by_address, set_oidc
from muniment.sso.types import Protocol
from tests.cast import Person
from tests.sso.signing_in import Providing
from tests.sso.team_with_provider import in_session, led_to
from tests.sso.test_signing_in_by_oidc import connect, sign_in
from tests.sso.test_signing_out_at_both_by_oidc import tell

pytestmark = pytest.mark.django_db(transaction=True)


class Hanging:
    """Takes every connection, and says nothing."""

    def __init__(self) -> None:
        self.came = threading.Semaphore(0)
        self._taken: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._take)
        self._thread.start()

    def _take(self) -> None:
        with suppress(OSError):
            while True:
                self._taken.append(self._listener.accept()[0])
                self.came.release()

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()
        for one in self._taken:
            one.close()


@pytest.fixture
def hanging(loopback: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hanging]:
    """Listed by the operator."""
    server = Hanging()
    listed = (*settings.MUNIMENT_INTERNAL_HOSTS, split_address(server.address)[0])
    monkeypatch.setattr(settings, "MUNIMENT_INTERNAL_HOSTS", listed)
    yield server
    server.close()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arriving, "ALL", 0.3)
    for module in (oidc_speaking, setting_up, metadata):
        monkeypatch.setattr(module, "ONE", 0.3)


def sent(client: Client, connection: Connection, provider: Any, email: str) -> str:
    """The address by which this browser comes back."""
    page = client.post("/sign-in/organisation", {"email": email})
    return f"/sso/oidc/{connection.pk}/callback?{provider.sign_in(led_to(page))}"


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("where", ["token_endpoint", "jwks_uri", "userinfo_endpoint"])
def test_a_sign_in_ends_in_time_wherever_it_hangs(
    alice: Person, bob: Person, oidc: Providing, hanging: Hanging, where: str
) -> None:
    provider = oidc(claims={"email": bob.user.email, "sub": "u-1"}, metadata={where: f"{hanging.address}/x"})
    connection = connect(alice, provider)
    browser = Client()
    way = sent(browser, connection, provider, bob.user.email)
    began = time.monotonic()
    page = browser.get(way)
    assert time.monotonic() - began < LIMITS.total  # which each exchange alone may take
    assert page.status_code == 403
    assert "did not answer in time" in page.content.decode()


@pytest.mark.usefixtures("impatient")
def test_so_does_what_is_asked_before_and_while_it_is_set_up(
    alice: Person, bob: Person, oidc: Providing, hanging: Hanging
) -> None:
    connection = connect(alice, oidc(claims={"sub": "u-1"}))
    assert Client().post("/sign-in/organisation", {"email": bob.user.email}).status_code == 200
    draft = OidcDraft(hanging.address, "muniment", "secret")
    saml = create_connection(actor=alice.actor, protocol=Protocol.SAML, name="By SAML")
    began = time.monotonic()
    with pytest.raises(UnreachableError, match="in time"):
        set_oidc(actor=alice.actor, connection=connection.pk, draft=draft)
    with pytest.raises(UnreachableError, match="in time"):
        set_by_address(actor=alice.actor, connection=saml.pk, url=f"{hanging.address}/metadata")
    Kept.objects.filter(pk=connection.pk).update(issuer=hanging.address, discovered_at=None)
    assert Client().post("/sign-in/organisation", {"email": bob.user.email}).status_code == 503
    assert time.monotonic() - began < LIMITS.total


def test_so_many_wait_for_one_provider_and_no_more(
    alice: Person, bob: Person, mallory: Person, oidc: Providing, hanging: Hanging, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Mallory's hangs. Alice's people sign in meanwhile, and who is told to try again is let try again."""
    monkeypatch.setattr(patience, "PLACES", 2)
    hers = oidc(claims={"email": "eve@mallory.example"}, metadata={"token_endpoint": f"{hanging.address}/x"})
    theirs = oidc(claims={"email": bob.user.email, "email_verified": True, "sub": "u-1"})
    hangs = connect(mallory, hers, domain="mallory.example")
    good = connect(alice, theirs)
    browsers = [Client() for _ in range(4)]
    ways = [sent(one, hangs, hers, "eve@mallory.example") for one in browsers]

    def come(number: int) -> str:
        try:
            return browsers[number].get(ways[number]).content.decode()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        waiting = [pool.submit(come, number) for number in range(2)]
        for _ in waiting:
            assert hanging.came.acquire(timeout=60)
        assert "others wait for it" in come(2)
        browser = Client()
        assert sign_in(browser, good, theirs, bob.user.email).status_code == 302
        assert in_session(browser) == bob.user
        assert not any(one.done() for one in waiting)
        hanging.close()
        assert all("broke off" in one.result() for one in waiting)
    assert "others wait for it" not in come(3)


def test_so_do_those_who_are_signed_out_without_a_browser(
    alice: Person, oidc: Providing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For the keys of a logout token the provider may have to be asked."""
    provider = oidc(claims={"sub": "u-1"})
    connection = connect(alice, provider)
    with monkeypatch.context() as full:
        full.setattr(patience, "PLACES", 0)
        busy = tell(connection, provider.logout_token())
    assert (busy.status_code, "others wait for it" in busy.content.decode()) == (400, True)
    assert tell(connection, provider.logout_token()).status_code == 200


def test_who_has_a_place_needs_no_second_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "PLACES", 1)
    with (
        patience.asking("one", 9),
        patience.asking("one", 9),
        patience.asking("other", 9),
        ThreadPoolExecutor(1) as pool,
        pytest.raises(ProviderBusyError),
    ):
        pool.submit(_asked, "one").result()
    _asked("one")


def _asked(connection: str) -> None:
    with patience.asking(connection, 9):
        pass
