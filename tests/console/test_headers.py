"""What every answer says to browsers, whatever its status. Guarantee: G-51."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.cast import Person

PAGES = ["/sign-in", "/", "/profile", "/no/such/page", "/healthz", "/team/switch"]  # 200, 302, 404, 405
REFUSALS = {  # before any page is looked for
    "of an unknown name": {"headers": {"host": "rebound.example"}},
    "of another than the proxy": {"REMOTE_ADDR": "198.51.100.9"},
}


def policy(response: HttpResponse) -> dict[str, list[str]]:
    parts = [part.split() for part in response["Content-Security-Policy"].split(";")]
    return {name: values for name, *values in parts}


@pytest.mark.parametrize("address", PAGES)
def test_nothing_is_kept_framed_or_told_elsewhere(alice: Person, address: str) -> None:
    for client in (Client(), alice.client):
        assert_closed(client.get(address))


@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_refusal_says_the_same(db: None, settings: Any, refusal: str) -> None:
    settings.ALLOWED_HOSTS, settings.MUNIMENT_TRUSTED_PROXY = ["localhost"], "192.0.2.80"
    response = Client().get("/sign-in", **REFUSALS[refusal])
    assert response.status_code == 400
    assert_closed(response)
    assert policy(response)["default-src"] == ["'none'"]


def assert_closed(response: HttpResponse) -> None:
    assert response["Cache-Control"] == "no-store"
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]


@pytest.mark.parametrize("address", PAGES)
def test_nothing_loads_from_or_sends_to_elsewhere(alice: Person, address: str) -> None:
    """Attacker: the author of a document whose words reach a page. Whatever gets into it stays inert."""
    allowed = policy(alice.client.get(address))
    assert allowed["default-src"] == ["'none'"]
    assert allowed["frame-ancestors"] == allowed["base-uri"] == ["'none'"]
    assert allowed["form-action"] == ["'self'"]
    sources = {source for values in allowed.values() for source in values}
    assert sources <= {"'none'", "'self'", "data:"}, "neither inline nor eval, and no host"
    assert "data:" not in allowed["script-src"]


@pytest.mark.parametrize("address", ["/v1/models", "/api/v1/projects", "/api/muniment/agents", "/api/nothing"])
def test_what_answers_programs_loads_nothing_at_all(alice: Person, address: str) -> None:
    response = alice.client.get(address)
    assert_closed(response)
    closed = policy(response)
    assert set(closed) == {"default-src", "base-uri", "form-action", "frame-ancestors"}
    assert all(sources == ["'none'"] for sources in closed.values())


def test_static_files_may_be_kept_and_missing_ones_not(alice: Person) -> None:
    found, missing = Client().get("/static/muniment.css"), Client().get("/static/none.css")
    assert (found.status_code, missing.status_code) == (200, 404)
    assert "max-age=300" in found["Cache-Control"]
    assert missing["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Origin" not in found


def test_the_session_cookie_is_out_of_reach_for_scripts_and_other_sites(alice: Person) -> None:
    client = Client()
    client.post("/sign-in", {"email": alice.user.email, "password": alice.password})
    for name in ("sessionid", "known"):
        assert client.cookies[name]["httponly"]
        assert client.cookies[name]["samesite"] == "Lax"


def test_what_is_told_once_lies_in_no_cookie(alice: Person) -> None:
    """It may name a file, and browsers write cookies to the disk."""
    answer = alice.client.post("/profile", {"name": "Alice"})
    assert answer.status_code == 302
    assert set(alice.client.cookies) <= {"sessionid", "csrftoken", "known"}
    assert "Saved." in alice.client.get("/profile").content.decode()
