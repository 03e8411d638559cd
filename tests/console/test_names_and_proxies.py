"""Under which name the server answers, and whose word about a client counts. Guarantee: G-50."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from muniment.console.middleware import HostRule
from muniment.core.network.listening import BaseUrl
from tests.cast import Person

PROXY, ELSEWHERE = "192.0.2.80", "198.51.100.9"
TOLD = {"X-Forwarded-For": "203.0.113.5", "X-Forwarded-Proto": "https"}


@pytest.fixture
def behind_a_proxy(settings: Any) -> None:
    settings.MUNIMENT_TRUSTED_PROXY = PROXY
    settings.MUNIMENT_BASE_URL = BaseUrl.parse("https://muniment.example.org")
    settings.ALLOWED_HOSTS = ["muniment.example.org"]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")


def seen(client: Client, peer: str, headers: dict[str, str]) -> tuple[str, bool]:
    """Address and security of the request as the views see them."""
    request = client.get("/sign-in", REMOTE_ADDR=peer, headers=headers).wsgi_request
    return request.META["REMOTE_ADDR"], request.is_secure()


def test_another_name_is_refused(alice: Person, settings: Any) -> None:
    """Attacker: points a name of his at 127.0.0.1, so that Alice's browser asks us for him (DNS rebinding)."""
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
    for name in ("rebound.example", "localhost.evil.example", "127.0.0.1.evil.example", "localhost@evil.example"):
        for address in ("/", "/sign-in", "/healthz", "/static/muniment.css"):
            assert Client().get(address, headers={"host": name}).status_code == 400
    assert Client().get("/sign-in", headers={"host": "localhost:8000"}).status_code == 200


@pytest.mark.parametrize("name", ["127.0.0.1:8000", "127.0.0.1", "[::1]:8000"])
def test_other_names_of_this_machine_lead_to_the_configured_one(alice: Person, settings: Any, name: str) -> None:
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
    origin = settings.MUNIMENT_BASE_URL.origin
    answer = Client().get("/profile?tab=1", headers={"host": name})
    assert (answer.status_code, answer["Location"]) == (307, f"{origin}/profile?tab=1")
    assert Client().get("/healthz", headers={"host": name}).status_code == 200


def test_an_address_without_its_slash_leads_nowhere(alice: Person, settings: Any) -> None:
    """Attacker: writes the line of the request himself, so that the way to our name ends at his."""
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
    request = RequestFactory().get("/", headers={"host": "127.0.0.1"})
    assert HostRule(lambda _: HttpResponse()).before(request).status_code == 307
    request.path = request.path_info = "@evil.example/"
    assert HostRule(lambda _: HttpResponse()).before(request).status_code == 400


def test_an_address_of_ipv4_is_one_on_a_socket_of_both_versions(alice: Person) -> None:
    """Else all of them would share the limits of one network of IPv6, and one could lock all others out."""
    assert seen(Client(), "::ffff:198.51.100.9", {})[0] == ELSEWHERE
    assert seen(Client(), "2001:db8::9", {})[0] == "2001:db8::9"


def test_without_a_proxy_nobody_is_believed(alice: Person) -> None:
    """Attacker: forges forwarding headers, to escape limits of attempts and to lie in the log."""
    headers = TOLD | {"X-Forwarded-Host": "evil.example", "Forwarded": "for=203.0.113.5;host=evil.example"}
    assert seen(Client(), ELSEWHERE, headers) == (ELSEWHERE, False)


@pytest.mark.usefixtures("behind_a_proxy")
def test_the_declared_proxy_is_believed_and_of_a_list_its_own_entry(alice: Person) -> None:
    client = Client(SERVER_NAME="muniment.example.org")
    assert seen(client, PROXY, TOLD) == ("203.0.113.5", True)
    forged = TOLD | {"X-Forwarded-For": "10.0.0.1, 203.0.113.5"}
    assert seen(client, PROXY, forged) == ("203.0.113.5", True)
    assert seen(client, f"::ffff:{PROXY}", TOLD) == ("203.0.113.5", True)
    assert seen(client, PROXY, TOLD | {"X-Forwarded-Proto": "http"}) == ("203.0.113.5", False)


@pytest.mark.usefixtures("behind_a_proxy")
def test_with_a_proxy_declared_nobody_else_is_answered_but_this_machine(alice: Person) -> None:
    client = Client(SERVER_NAME="muniment.example.org")
    assert client.get("/sign-in", REMOTE_ADDR=ELSEWHERE, headers=TOLD).status_code == 400
    assert seen(client, "127.0.0.1", TOLD) == ("127.0.0.1", False)
    for incomplete in ({}, {"X-Forwarded-For": "not an address", "X-Forwarded-Proto": "https"}):
        assert client.get("/sign-in", REMOTE_ADDR=PROXY, headers=incomplete).status_code == 400


@pytest.mark.usefixtures("behind_a_proxy")
def test_forging_addresses_does_not_escape_the_limit(alice: Person) -> None:
    form = {"email": "nobody@example.org", "password": "wrong"}
    statuses = []
    for number in range(12):
        headers = TOLD | {"X-Forwarded-For": f"10.0.0.{number}, 203.0.113.5"}
        client = Client(SERVER_NAME="muniment.example.org")
        answer = client.post("/sign-in", form | {"email": f"n{number}@example.org"}, REMOTE_ADDR=PROXY, headers=headers)
        statuses.append(answer.status_code)
    assert (statuses[0], statuses[-1]) == (422, 429)
