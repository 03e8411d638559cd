"""Each connection offers guides to its provider, with its own addresses and pictures, where it is set up."""

import re
from pathlib import Path

import pytest

from muniment.sso.guides import GUIDES
from muniment.sso.models import Connection
from muniment.sso.services import create_connection
from muniment.sso.types import Protocol
from tests.cast import Person
from tools.guide_pictures import PICTURES, SKETCHES, draw

pytestmark = pytest.mark.django_db
FOLDER = Path(__file__).parents[2] / "docs/guide/single-sign-on"
EVERY = [(protocol, name) for protocol, offered in GUIDES.items() for name in offered]


def made(person: Person, protocol: Protocol) -> Connection:
    return create_connection(actor=person.actor, protocol=protocol, name="Login")


def address(connection: Connection, name: str) -> str:
    return f"/profile/sso/connections/{connection.pk}/guides/{name}"


@pytest.mark.parametrize(("protocol", "name"), EVERY)
def test_it_is_offered_and_has_this_connections_addresses(alice: Person, protocol: Protocol, name: str) -> None:
    connection = made(alice, protocol)
    about = alice.client.get(f"/profile/sso/connections/{connection.pk}").content.decode()
    assert address(connection, name) in about
    page = alice.client.get(address(connection, name)).content.decode()
    assert f"http://localhost:8000/sso/{protocol}/{connection.pk}/" in page
    assert "muniment.example.org" not in page
    assert "CONNECTION" not in page
    assert "<h2>After</h2>" in page


@pytest.mark.parametrize(("protocol", "name"), EVERY)
def test_its_pictures_are_shown(alice: Person, protocol: Protocol, name: str) -> None:
    page = alice.client.get(address(made(alice, protocol), name)).content.decode()
    shown = re.findall(r'<img src="([^"]+)"', page)
    assert len(shown) >= 2
    for one in shown:
        got = alice.client.get(one)
        assert (got.status_code, got["Content-Type"].startswith("image/")) == (200, True), one


@pytest.mark.parametrize("name", SKETCHES)
def test_a_picture_is_as_it_is_drawn(name: str) -> None:
    """`python -m tools.guide_pictures` draws them."""
    assert (PICTURES / f"single-sign-on-{name}.svg").read_text(encoding="utf-8") == draw(SKETCHES[name])


def test_every_guide_is_offered() -> None:
    assert sorted(name for _, name in EVERY) == sorted(file.stem for file in FOLDER.glob("*.md")) == sorted(SKETCHES)


def test_links_lead_to_guides_of_the_same_protocol_and_nowhere_else(alice: Person) -> None:
    connection = made(alice, Protocol.SAML)
    page = alice.client.get(address(connection, "okta")).content.decode()
    assert f'<a href="{address(connection, "simplesamlphp")}">SimpleSAMLphp</a>' in page
    page = alice.client.get(address(connection, "keycloak")).content.decode()
    assert "settings.md" not in page


def test_a_guide_of_the_other_protocol_and_one_that_is_none_are_not_found(alice: Person) -> None:
    connection = made(alice, Protocol.OIDC)
    assert alice.client.get(address(connection, "openid-connect")).status_code == 200
    for name in ("okta", "nothing", "..%2F..%2Fsettings"):
        assert alice.client.get(address(connection, name)).status_code == 404


@pytest.mark.parametrize("name", ["answer.png", "nothing.svg", "..%2Fuser.md", "%2E%2E%2Fuser.md"])
def test_no_other_file_is_a_picture(alice: Person, name: str) -> None:
    assert alice.client.get("/profile/sso/guides/pictures/single-sign-on-okta.svg").status_code == 200
    assert alice.client.get(f"/profile/sso/guides/pictures/{name}").status_code == 404


def test_they_are_for_who_may_see_the_connection(alice: Person, bob: Person, mallory: Person) -> None:
    connection = made(alice, Protocol.SAML)
    assert alice.client.get(address(connection, "okta")).status_code == 200
    assert mallory.client.get(address(connection, "okta")).status_code == 404
    assert bob.client.get(address(connection, "okta")).status_code == 403
    assert bob.client.get("/profile/sso/guides/pictures/single-sign-on-okta.svg").status_code == 403
