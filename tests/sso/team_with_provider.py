"""Alice's team has proven example.org and signs in by a provider of SAML: whole sign-ins, as browsers make them."""

import re
import zlib
from base64 import b64decode
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from lxml import etree

from muniment.accounts.models import User
from muniment.core.clock import now
from muniment.sso.models import Connection
from muniment.sso.saml_speaking import acs_url, entity_id
from muniment.sso.services import TypedProvider, create_connection, set_by_hand, switch_connection
from muniment.sso.types import Protocol
from muniment.teams.models import Domain, Team
from muniment.teams.types import DomainState
from tests.cast import Person
from tests.sso.provider import ENTITY_ID, Answer, Provider, key_pair

SSO_URL = "https://idp.acme.example/sso"


@dataclass(frozen=True)
class Request:
    """What our side asked of the provider."""

    id: str
    relay_state: str
    force: bool


@dataclass
class SamlTeam:
    """`answer` are changes of the provider's good answer."""

    connection: Connection
    provider: Provider

    def begin(self, client: Client, email: str, after: str = "") -> Request:
        page = client.post("/sign-in/organisation", {"email": email, "next": after})
        assert page.status_code == 200, page.content
        return asked_in(page.content.decode())

    def answer(self, asked: Request | None, email: str, **changes: Any) -> dict[str, str]:
        """The form that the provider's page posts."""
        said: dict[str, Any] = {
            "name_id": email,
            "attributes": {"mail": (email,), "displayName": ("Eve Employee",)},
            "audience": entity_id(self.connection.pk),
            "destination": acs_url(self.connection.pk),
            "recipient": acs_url(self.connection.pk),
            "response_request": asked.id if asked else None,
            "confirmed_request": asked.id if asked else None,
            "assertion_id": f"_a{asked.id if asked else now().timestamp()}",
            "now": now(),
        }
        response = self.provider.response(Answer(**(said | changes)))
        return {"SAMLResponse": response, "RelayState": asked.relay_state if asked else ""}

    def arrive(self, client: Client, form: dict[str, str]) -> Any:
        """The form of another site, which brings no cookie; then the browser comes again with its own."""
        taken = Client().post(urlsplit(acs_url(self.connection.pk)).path, form)
        assert taken.status_code == 302, taken.content
        return client.get(taken["Location"])

    def sign_in(self, client: Client, email: str, after: str = "", **changes: Any) -> Any:
        return self.arrive(client, self.answer(self.begin(client, email, after), email, **changes))


def led_to(page: Any) -> str:
    """Where a page, or the answer that it is, leads the browser."""
    text = page if isinstance(page, str) else page.content.decode()
    found = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', text)
    assert found, text
    return unescape(found.group(1))


def asked_in(page: str) -> Request:
    address = led_to(page)
    given, root = parse_qs(urlsplit(address).query), message_in(address, "SAMLRequest")
    return Request(root.get("ID") or "", given["RelayState"][0], root.get("ForceAuthn") == "true")


def message_in(address: str, field: str) -> etree._Element:
    """What a redirect carries."""
    given = parse_qs(urlsplit(address).query)
    return etree.fromstring(zlib.decompress(b64decode(given[field][0]), -15))


def prove(team: Team, name: str) -> Domain:
    """As if DNS had said so; that it does is the matter of tests/teams/test_domains_are_verified.py."""
    moment = now()
    return Domain.objects.create(team=team, name=name, token="proven", state=DomainState.VERIFIED, verified_at=moment)


def connect_saml(owner: Person, *, name: str = "Acme", provider: Provider | None = None) -> SamlTeam:
    provider = provider or Provider()
    made = create_connection(actor=owner.actor, protocol=Protocol.SAML, name=name)
    typed = TypedProvider(ENTITY_ID, SSO_URL, [provider.certificate])
    set_by_hand(actor=owner.actor, connection=made.pk, typed=typed)
    switch_connection(actor=owner.actor, connection=made.pk, on=True)
    return SamlTeam(Connection.objects.get(pk=made.pk), provider)


@pytest.fixture
def keys_are_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each takes a second to make; tests/sso/test_requests_are_signed.py sees one that is made."""
    pair = key_pair("ours")
    monkeypatch.setattr("muniment.sso.connections.make_key_pair", lambda _name: (pair.private, pair.certificate))


@pytest.fixture
def acme(alice: Person) -> SamlTeam:
    prove(alice.team, "example.org")
    return connect_saml(alice)


def in_session(client: Client) -> User | None:
    key = client.session.get("_auth_user_id")
    return User.objects.get(pk=key) if key else None
