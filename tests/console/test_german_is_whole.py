"""Who chooses German reads German: each marked word has its translation, and no page shows an English one."""

import re
from functools import cache
from html.parser import HTMLParser
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from django.test import Client

from muniment.agents.services import create_agent
from tests.accounts.second_factors import confirm
from tests.cast import Person
from tools import texts

SHOWN = {"title", "aria-label", "placeholder", "alt", "data-copied", "data-not-copied"}
PLACEHOLDER = re.compile(r"%%|%\(\w+\)[sd]|%[sd]|\{\w*\}")
ENGLISH = re.compile(r"\b(the|and|of|is|are|your|with|this|from|you)\b", re.IGNORECASE)
"""Words that no German sentence has: what was never marked is found by them too."""
NOBODYS = re.compile(r"/\S+|\w+(/[\w -]+)+")
"""Files on this machine, and time zones (America/Port of Spain)."""


@cache
def catalog() -> Catalog:
    return texts.read("de")


def entries() -> list[Message]:
    return [message for message in catalog() if message.id]


def forms(said: Any) -> tuple[str, ...]:
    return tuple(said) if isinstance(said, (tuple, list)) else (said or "",)


def keys(found: Catalog) -> set[Any]:
    return {(message.context, forms(message.id)) for message in found if message.id}


def test_every_marked_word_is_translated() -> None:
    assert keys(texts.marked()) - keys(catalog()) == set()
    assert [message.id for message in entries() if not all(forms(message.string))] == []
    assert [message.id for message in entries() if len(forms(message.string)) != len(forms(message.id))] == []


def is_said_twice(text: str) -> bool:
    """One and the same, again and again."""
    return len(text) > 20 and text in (text + text)[1:-1]


def test_nothing_is_said_twice_in_one_breath() -> None:
    assert [message.id for message in entries() if any(map(is_said_twice, forms(message.string)))] == []
    assert is_said_twice("Es bleibt ein Entwurf." * 3)


def test_nothing_is_fuzzy_and_nothing_obsolete() -> None:
    assert keys(catalog()) - keys(texts.marked()) == set()
    assert [message.id for message in entries() if message.fuzzy] == []
    assert list(catalog().obsolete) == []


def test_placeholders_are_those_of_the_original() -> None:
    for message in entries():
        for original, german in zip(forms(message.id), forms(message.string), strict=True):
            assert sorted(PLACEHOLDER.findall(german)) == sorted(PLACEHOLDER.findall(original)), original


def test_what_is_installed_is_what_was_written() -> None:
    folder = texts.CATALOGS / "de/LC_MESSAGES"
    renewed = texts.renewed(catalog(), texts.marked())
    assert (folder / "django.po").read_bytes() == texts.as_po(renewed)
    assert (folder / "django.mo").read_bytes() == texts.as_mo(renewed)


class Shown(HTMLParser):
    """What a page shows or says: its texts, and the attributes that are read out or pop up."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.language = ""
        self.said: list[str] = []
        self._silent = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag == "html":
            self.language = named.get("lang") or ""
        self._silent += tag in {"script", "style"}
        self.said += [value for name, value in attrs if name in SHOWN and value]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in {"script", "style"}

    def handle_data(self, data: str) -> None:
        if not self._silent and data.strip():
            self.said.append(" ".join(data.split()))


@cache
def originals() -> list[re.Pattern[str]]:
    """One for each English form that differs from its German, and that is no German of another's."""
    german = {form for message in entries() for form in forms(message.string)}
    english = {form for message in entries() for form in forms(message.id)} - german
    patterns = []
    for form in english:
        parts = PLACEHOLDER.split(form.replace("%%(", "%("))
        if sum(character.isalpha() for character in "".join(parts)) >= 4:
            patterns.append(re.compile(".+".join(map(re.escape, parts))))
    return patterns


def left_in_english(shown: Shown) -> list[str]:
    said = [one for one in shown.said if not NOBODYS.fullmatch(one)]
    whole = [one for one in said if any(pattern.fullmatch(one) for pattern in originals())]
    return whole + [one for one in said if ENGLISH.search(one)]


def page(client: Client, address: str, **headers: str) -> Shown:
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200
    return Shown(answer.content.decode())


@pytest.fixture
def anna(alice: Person) -> Person:
    """Alice, who chose German."""
    alice.user.language = "de"
    alice.user.save(update_fields=["language"])
    return alice


def test_sign_in_speaks_what_the_browser_asks_for(alice: Person) -> None:
    shown = page(Client(), "/sign-in", accept_language="de-DE,de;q=0.9,en;q=0.5")
    assert shown.language == "de"
    assert {"Anmelden", "Passwort", "Passwort vergessen?"} <= set(shown.said)
    assert left_in_english(shown) == []
    assert left_in_english(page(Client(), "/sign-in", accept_language="fr,en;q=0.5")) != []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/", {"Agenten", "Start"}),
        ("/agents/new", {"Agent erstellen", "Personenbezogene Daten"}),
        ("{agent}/knowledge", {"Wissen", "Noch keine Dokumente"}),
        ("{agent}", {"Fragen", "Dieser Agent hat noch keine Dokumente"}),
        ("{agent}/safety", {"Schutz", "Isolation", "Aufbewahrung"}),
        ("{agent}/safety/masking", {"Maskierung", "Namen von Personen"}),
        ("{agent}/people", {"Zugriff erteilen", "Teilen"}),
        ("/conversations", {"Noch keine Gespräche"}),
        ("/members", {"Mitglieder", "Einladen"}),
        ("/roles/builder", {"Ersteller", "Berechtigung"}),
        ("/keys/new", {"Neuer Schlüssel", "Schlüssel erstellen"}),
        ("/team/credits", {"Kontingent", "Was das Team verbraucht"}),
        ("/team/sign-in", {"Was verlangt wird"}),
        ("/profile", {"Mein Profil", "Sprache"}),
        ("/profile/security", {"Sicherheit", "Passwort ändern", "Angemeldete Geräte"}),
        ("/profile/sso", {"Single Sign-on", "Ihre Domain", "Noch kein Anbieter"}),
        ("/profile/sso/new", {"Neue Verbindung", "Protokoll"}),
        ("/profile/sso/people", {"Gruppen und Rollen", "Rolle neuer Personen"}),
        ("/profile/sso/only", {"Wie sich das Team öffnet", "Erteilen"}),
        ("/server", {"Vom Betreiber gesetzt"}),
        ("/server/models", {"Modelle", "Noch kein Anbieter"}),
    ],
)
def test_a_page_in_german_has_no_english_left(anna: Person, address: str, words: set[str]) -> None:
    agent = create_agent(actor=anna.actor, name="Hausordnung")
    confirm(anna.client)
    shown = page(anna.client, address.format(agent=agent.url))
    assert shown.language == "de"
    assert words <= set(shown.said)
    assert left_in_english(shown) == []
