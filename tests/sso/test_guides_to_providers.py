"""Each connection offers guides to its provider, with its own addresses and pictures, where it is set up."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from muniment.sso.guides import GUIDES
from muniment.sso.models import Connection
from muniment.sso.services import create_connection
from muniment.sso.types import Protocol
from tests.cast import Person
from tools.guide_pictures import LANGUAGES, PICTURES, SKETCHES, draw

pytestmark = pytest.mark.django_db
FOLDER = Path(__file__).parents[2] / "docs/guide/single-sign-on"
AFTER = {"en": "<h2>After</h2>", "de": "<h2>Danach</h2>"}
EVERY = [(protocol, name) for protocol, offered in GUIDES.items() for name in offered]


def made(person: Person, protocol: Protocol) -> Connection:
    return create_connection(actor=person.actor, protocol=protocol, name="Login")


def text(name: str, language: str) -> str:
    folder = FOLDER if language == "en" else FOLDER / language
    return (folder / f"{name}.md").read_text(encoding="utf-8")


def address(connection: Connection, name: str) -> str:
    return f"/profile/sso/connections/{connection.pk}/guides/{name}"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("protocol", "name"), EVERY)
def test_it_is_offered_with_this_connections_addresses_to_copy(
    alice: Person, protocol: Protocol, name: str, language: str
) -> None:
    connection = made(alice, protocol)
    about = alice.client.get(f"/profile/sso/connections/{connection.pk}").content.decode()
    assert address(connection, name) in about
    page = alice.client.get(address(connection, name), headers={"accept-language": language}).content.decode()
    ours = set(re.findall(r"https://muniment\.example\.org(/[\w/-]+)", text(name, language)))
    assert len(ours) >= 2
    for end in ours:
        value = f"http://localhost:8000{end.replace('CONNECTION', connection.pk)}"
        (copied,) = re.findall(rf'<code id="([\w-]+)">{value}</code>', page)
        assert f'data-copy="#{copied}"' in page
    assert "muniment.example.org" not in page
    assert "CONNECTION" not in page
    assert AFTER[language] in page


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("protocol", "name"), EVERY)
def test_its_pictures_are_shown(alice: Person, protocol: Protocol, name: str, language: str) -> None:
    asked = {"accept-language": language}
    page = alice.client.get(address(made(alice, protocol), name), headers=asked).content.decode()
    shown = re.findall(r'<img src="([^"]+)"', page)
    assert len(shown) >= 2
    for one in shown:
        got = alice.client.get(one)
        assert (got.status_code, got["Content-Type"].startswith("image/")) == (200, True), one
        assert one.rpartition(".")[0].endswith("-de") == (language == "de")


@pytest.mark.parametrize("name", SKETCHES)
def test_all_languages_say_the_same(name: str) -> None:
    """As many steps and headings, and the same addresses, settings and attributes: whoever changes one, changes all."""
    english, german = text(name, "en"), text(name, "de")
    for what in (r"^\d\. ", r"^## ", r"^\| ", r"^```", r"^!\["):
        assert len(re.findall(what, english, re.MULTILINE)) == len(re.findall(what, german, re.MULTILINE)), what
    codes = [sorted(re.findall(r"`[^`\n]+`", one)) for one in (english, german)]
    assert codes[0] == codes[1]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SKETCHES)
def test_a_picture_is_as_it_is_drawn(name: str, language: str) -> None:
    """`python -m tools.guide_pictures` draws them, in the words of the pages."""
    file = PICTURES / f"single-sign-on-{name}{LANGUAGES[language]}.svg"
    assert file.read_text(encoding="utf-8") == draw(SKETCHES[name], language)


def test_every_guide_is_offered_in_each_language_of_the_pages() -> None:
    assert sorted(name for _, name in EVERY) == sorted(SKETCHES)
    assert set(LANGUAGES) == {language for language, _ in settings.LANGUAGES}
    for folder in [FOLDER, *(FOLDER / language for language in LANGUAGES if language != "en")]:
        assert sorted(file.stem for file in folder.glob("*.md")) == sorted(SKETCHES)


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
