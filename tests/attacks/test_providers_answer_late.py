"""Attacker: whoever runs the provider that a connection was pointed away from. Move: is asked what it publishes just
before that, and answers just after, so that its own addresses, keys and certificates stand in the place of the next
one's. Guarantee: G-136."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from lxml import etree

from muniment.core.clock import now
from muniment.sso import connections as setting_up
from muniment.sso import metadata, oidc_speaking
from muniment.sso.metadata import refresh
from muniment.sso.models import Connection, Identity, SamlProvider
from muniment.sso.models import OidcProvider as Kept
from muniment.sso.oidc.keys import KeySet
from muniment.sso.services import OidcDraft, TypedProvider, set_by_hand, set_oidc
from tests.cast import Person
from tests.sso.provider import ENTITY_ID, Provider, key_pair
from tests.sso.signing_in import Providing
from tests.sso.team_with_provider import SSO_URL, SamlTeam
from tests.sso.test_signing_in_by_oidc import connect

pytestmark = pytest.mark.django_db(transaction=True)
OTHER = "https://other.example"


def answered_after(act: Callable[[], None], ask: Callable[..., Any]) -> Callable[..., Any]:
    def late(*words: Any, **named: Any) -> Any:
        found = ask(*words, **named)
        act()
        return found

    return late


@pytest.mark.parametrize("moves", [True, False], ids=["moved", "as it was"])
def test_what_a_former_provider_of_openid_connect_publishes(
    alice: Person, oidc: Providing, monkeypatch: pytest.MonkeyPatch, moves: bool
) -> None:
    first, second = oidc(), oidc()
    connection = connect(alice, first)
    long_ago = now() - timedelta(days=2)
    Kept.objects.update(discovered_at=long_ago)

    def move() -> None:
        draft = OidcDraft(second.issuer, second.client_id, second.client_secret)
        if moves:
            set_oidc(actor=alice.actor, connection=connection.pk, draft=draft)

    monkeypatch.setattr(oidc_speaking, "discover", answered_after(move, oidc_speaking.discover))
    Client().post("/sign-in/organisation", {"email": "bob@example.org"})
    kept, right = Kept.objects.get(), second if moves else first
    assert (kept.issuer, kept.discovered["issuer"]) == (right.issuer, right.issuer)
    assert kept.discovered["token_endpoint"].startswith(right.address)
    assert kept.discovered_at > long_ago  # and the first one's is kept, where nothing was changed


@pytest.mark.parametrize("moves", [True, False], ids=["moved", "as it was"])
def test_people_of_a_provider_that_came_and_went_while_the_first_was_asked(
    alice: Person, bob: Person, oidc: Providing, monkeypatch: pytest.MonkeyPatch, moves: bool
) -> None:
    """One owner saves what is there already; another one points the connection elsewhere before that is through."""
    first, second = oidc(), oidc()
    connection = connect(alice, first)

    def save(provider: Any) -> None:
        draft = OidcDraft(provider.issuer, provider.client_id, provider.client_secret)
        set_oidc(actor=alice.actor, connection=connection.pk, draft=draft)

    def meanwhile() -> None:
        monkeypatch.setattr(setting_up, "discover", discover)
        if moves:
            save(second)
        Identity.objects.create(connection=connection, subject="u-1", user=bob.user, seen_at=now())

    discover = setting_up.discover
    monkeypatch.setattr(setting_up, "discover", answered_after(meanwhile, discover))
    save(first)
    assert Kept.objects.get().issuer == first.issuer
    assert Identity.objects.exists() is not moves


def test_keys_of_a_former_provider_are_not_kept(alice: Person, oidc: Providing) -> None:
    first, second = oidc(), oidc()
    connection = connect(alice, first)
    asked = Kept.objects.get()
    told = KeySet((first.key.jwk(),), now())
    draft = OidcDraft(second.issuer, second.client_id, second.client_secret)
    set_oidc(actor=alice.actor, connection=connection.pk, draft=draft)
    oidc_speaking.keep_keys(asked, told)
    assert Kept.objects.get().keys is None
    oidc_speaking.keep_keys(Kept.objects.get(), replace(told, keys=(second.key.jwk(),)))
    assert Kept.objects.get().keys == [second.key.jwk()]


def test_what_was_discovered_of_another_issuer_is_not_known(alice: Person, oidc: Providing) -> None:
    connection = connect(alice, oidc())
    assert oidc_speaking.known_provider(connection) is not None
    connection.oidc.issuer = "https://id.other.example"
    assert oidc_speaking.known_provider(connection) is None


@pytest.mark.parametrize("moves", [True, False], ids=["moved", "as it was"])
def test_metadata_of_a_former_provider(
    alice: Person, acme: SamlTeam, keys_are_made_once: None, monkeypatch: pytest.MonkeyPatch, moves: bool
) -> None:
    renewed = [key_pair("provider").certificate, key_pair("third").certificate]
    document = etree.tostring(Provider().metadata_element(ENTITY_ID, certificates=renewed, redirect=SSO_URL))
    SamlProvider.objects.update(metadata_url="https://idp.acme.example/metadata")

    def fetched(_url: str, **_named: Any) -> bytes:
        if moves:
            typed = TypedProvider(OTHER, f"{OTHER}/sso", [key_pair("mallory").certificate])
            set_by_hand(actor=alice.actor, connection=acme.connection.pk, typed=typed)
        return bytes(document)

    monkeypatch.setattr(metadata, "fetched", fetched)
    refresh(Connection.objects.select_related("saml").get(pk=acme.connection.pk))
    kept = SamlProvider.objects.get()
    assert kept.entity_id == (OTHER if moves else ENTITY_ID)
    assert len(kept.certificates) == (1 if moves else 2)
