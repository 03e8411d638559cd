"""Logs hold the name of the route, the outcome, and where a fault is; never what people asked or typed.

Guarantee: G-51.
"""

import logging

import pytest
from django.test import Client

from muniment.accounts.views import profile as views
from tests.cast import Person

SECRET = "canary-4711"


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.DEBUG)
    return caplog


def test_a_request_is_its_route(alice: Person, lines: pytest.LogCaptureFixture) -> None:
    alice.client.get(f"/profile?q={SECRET}", headers={"referer": f"http://testserver/{SECRET}"})
    alice.client.get(f"/{SECRET}")
    Client().post("/sign-in", {"email": f"{SECRET}@example.org", "password": SECRET})
    Client().generic(SECRET.upper(), f"/static/{SECRET}")
    said = [record.getMessage() for record in lines.records if record.name == "muniment.request"]
    assert [line.rsplit(" ", 2)[0] for line in said] == [
        "GET accounts:profile 200",
        "GET none 404",
        "POST accounts:sign_in 422",
        "OTHER static 404",
    ]
    assert SECRET not in lines.text.lower()


def test_what_is_refused_is_not_named_by_anybody_else(alice: Person) -> None:
    """Django's own line for a request without a token, or for another host, holds the address."""
    for name in ("django.security.csrf", "django.security.DisallowedHost", "django.request"):
        assert logging.getLogger(name).getEffectiveLevel() == logging.CRITICAL
    assert logging.getLogger("muniment.request").isEnabledFor(logging.INFO)


def test_a_fault_is_where_it_happened_and_the_page_tells_nothing(
    alice: Person, lines: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_actor: object) -> None:
        raise RuntimeError(SECRET)

    monkeypatch.setattr(views, "own_account", broken)
    client = alice.client
    client.raise_request_exception = False
    response = client.get("/profile")
    assert response.status_code == 500
    assert SECRET not in response.content.decode()
    assert "Traceback" not in response.content.decode()
    faults = [record.getMessage() for record in lines.records if record.name == "muniment.fault"]
    assert len(faults) == 1
    assert faults[0].startswith("RuntimeError broken:")
    assert SECRET not in lines.text
