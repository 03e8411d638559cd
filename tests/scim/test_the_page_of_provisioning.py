"""Owners make tokens on the page Provisioning, each shown once, and read what the provider did."""

import re

import pytest
from django.test import Client

from muniment.core.clock import now
from muniment.scim.models import Token
from muniment.scim.services import create_token
from muniment.teams.services import set_provisioning
from muniment.teams.types import Role
from tests.cast import Person
from tests.scim.provider import Provider

pytestmark = pytest.mark.django_db
PAGE = "/profile/provisioning"


def confirmed(person: Person) -> Client:
    session = person.client.session
    session["confirmed"] = now().isoformat()
    session.save()
    return person.client


def test_a_token_is_shown_once_and_works(alice: Person) -> None:
    asked = alice.client.post(f"{PAGE}/tokens", {"name": "Entra", "days": "90"})
    assert asked["Location"].startswith("/confirm")
    assert not Token.objects.exists()
    shown = confirmed(alice).post(f"{PAGE}/tokens", {"name": "Entra", "days": "90"}).content.decode()
    token = Token.objects.get()
    assert "muniment_scim_" in shown
    page = alice.client.get(PAGE).content.decode()
    assert "muniment_scim_" not in page
    assert f"…{token.tail}" in page
    alice.client.post(f"{PAGE}/tokens/{token.pk}/revoke")
    assert not Token.objects.exists()


@pytest.mark.parametrize("scim", [False, True])
def test_it_says_where_the_provider_finds_this_server(alice: Person, scim: bool) -> None:
    set_provisioning(actor=alice.actor, role=Role.MEMBER, joins_on_sign_in=False, scim=scim, heir=None)
    shown = re.findall(r'id="scim-address">([^<]+)<', alice.client.get(PAGE).content.decode())
    assert shown == ["http://localhost:8000/scim/v2"]


def test_a_third_token_is_refused_in_words(alice: Person) -> None:
    browser = confirmed(alice)
    for name in ("First", "Second"):
        browser.post(f"{PAGE}/tokens", {"name": name, "days": "90"})
    answer = browser.post(f"{PAGE}/tokens", {"name": "Third", "days": "90"})
    assert answer.status_code == 422
    assert Token.objects.count() == 2


def test_what_the_provider_did_stands_there_in_words(alice: Person, provider: Provider) -> None:
    provider.create("eve@example.org")
    page = alice.client.get(PAGE).content.decode()
    assert "Bring somebody into the team" in page
    assert "1 person came from it" in page
    assert "Theirs are 0 agents with 0 words" in page
    assert "eve@example.org" in page
    assert "Bring somebody" not in alice.client.get(f"{PAGE}?only=refused").content.decode()


@pytest.mark.parametrize(
    ("language", "reason"),
    [
        ("en", "The domain of this address is not proven. An owner proves it."),
        ("de", "Die Domain dieser Adresse ist nicht nachgewiesen. Inhaber weisen sie nach."),
    ],
)
def test_why_it_was_refused_stands_there_in_the_readers_language(
    alice: Person, provider: Provider, language: str, reason: str
) -> None:
    refused = provider.create("eve@elsewhere.example")
    assert refused.body["detail"] == "The domain of this address is not proven. An owner proves it."
    alice.user.language = language
    alice.user.save(update_fields=["language"])
    assert reason in alice.client.get(PAGE).content.decode()


def test_the_tab_is_for_who_may_see_it(alice: Person, bob: Person, mallory: Person) -> None:
    assert PAGE in alice.client.get("/profile").content.decode()
    assert PAGE not in bob.client.get("/profile").content.decode()
    assert bob.client.get(PAGE).status_code == 403
    token = create_token(actor=alice.actor, name="Entra").id
    assert confirmed(mallory).post(f"{PAGE}/tokens/{token}/revoke").status_code == 404
    assert Token.objects.filter(pk=token).exists()
