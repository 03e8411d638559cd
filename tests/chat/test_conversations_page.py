"""All conversations of a person: found by words that no address holds, renamed, deleted."""

from collections.abc import Sequence

import pytest

from muniment.agents.models import Agent
from muniment.agents.services import create_agent
from muniment.chat import views
from muniment.chat.models import Conversation
from muniment.console.views import HOME_TALKS
from muniment.crypto.keyring import Keyring
from muniment.crypto.types import KeyKind, KeyRef
from muniment.silo.sealed import Record, SiloReader
from muniment.silo.types import Table
from tests.cast import Person
from tests.chat.conftest import FOOTBALL, PARKING, ask


def _titles(person: Person, address: str = "/conversations") -> list[str]:
    return [talk["title"] for talk in person.client.get(address).context["talks"]]


def test_conversations_of_all_agents_the_last_asked_first(alice: Person, agent: Agent) -> None:
    other = create_agent(actor=alice.actor, name="Other")
    ask(alice, agent, PARKING)
    ask(alice, other, FOOTBALL)
    page = alice.client.get("/conversations")
    assert [(talk["title"], talk["agent"]["name"]) for talk in page.context["talks"]] == [
        (FOOTBALL, "Other"),
        (PARKING, "Hospital"),
    ]


def test_words_searched_for_stay_out_of_the_address(alice: Person, agent: Agent) -> None:
    ask(alice, agent, PARKING)
    ask(alice, agent, FOOTBALL)
    response = alice.client.post("/conversations", {"q": "World CUP"})
    assert "cup" not in response["Location"].lower()
    assert _titles(alice, response["Location"]) == [FOOTBALL]
    assert _titles(alice) == [FOOTBALL, PARKING]
    assert _titles(alice, "/conversations?search=unknown") == [FOOTBALL, PARKING]


def test_a_later_question_is_found_too(alice: Person, agent: Agent) -> None:
    page = alice.client.get(ask(alice, agent, PARKING))
    ask(alice, agent, FOOTBALL, conversation=page.context["conversation"]["id"])
    assert _titles(alice, alice.client.post("/conversations", {"q": "football"})["Location"]) == [PARKING]


def test_nothing_found_and_nothing_there_are_told_apart(alice: Person, agent: Agent) -> None:
    assert "No conversations yet" in alice.client.get("/conversations").content.decode()
    ask(alice, agent, PARKING)
    page = alice.client.get(alice.client.post("/conversations", {"q": "<b>canteen"})["Location"])
    assert "Nothing found for “&lt;b&gt;canteen”" in page.content.decode()


def test_renaming_leads_back_to_the_search(alice: Person, agent: Agent) -> None:
    address = ask(alice, agent, PARKING).partition("#")[0]
    found = alice.client.post("/conversations", {"q": "parking"})["Location"]
    search = found.partition("search=")[2]
    response = alice.client.post(f"{address}/rename", {"title": " Where  to park ", "search": search})
    assert response["Location"] == found
    assert _titles(alice, found) == ["Where to park"]


def test_an_empty_title_is_refused_and_the_old_one_kept(alice: Person, agent: Agent) -> None:
    address = ask(alice, agent, PARKING).partition("#")[0]
    page = alice.client.post(f"{address}/rename", {"title": " "}, follow=True)
    assert "A title has 1 to 200 characters." in page.content.decode()
    assert _titles(alice) == [PARKING]


def test_a_deleted_conversation_is_gone_and_its_key_with_it(alice: Person, agent: Agent, keyring: Keyring) -> None:
    address = ask(alice, agent, PARKING).partition("#")[0]
    (conversation,) = Conversation.objects.all()
    key = KeyRef(agent.silo, KeyKind.CONVERSATION, conversation.pk)
    assert keyring.holds(key)
    assert alice.client.post(f"{address}/delete")["Location"] == "/conversations"
    assert alice.client.get(address).status_code == 404
    assert not keyring.holds(key)
    assert _titles(alice) == []


def test_many_are_shown_in_pages(alice: Person, agent: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "ROWS", 2)
    for number in range(3):
        ask(alice, agent, f"Question {number}?")
    assert _titles(alice) == ["Question 2?", "Question 1?"]
    assert _titles(alice, "/conversations?page=2") == ["Question 0?"]


def test_only_the_titles_that_are_shown_are_opened(
    alice: Person, agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(HOME_TALKS + 2):
        ask(alice, agent, PARKING)
    opened: list[bytes] = []
    get_many = SiloReader.get_many

    def watched(reader: SiloReader, table: Table, rows: Sequence[bytes]) -> list[Record]:
        opened.extend(rows if table is Table.CONVERSATION else [])
        return get_many(reader, table, rows)

    monkeypatch.setattr(SiloReader, "get_many", watched)
    monkeypatch.setattr(views, "ROWS", 3)
    assert len(_titles(alice, "/conversations?page=2")) == 3
    assert len(opened) == 3
    assert len(alice.client.get("/").context["talks"]) == HOME_TALKS
    assert len(opened) == 3 + HOME_TALKS
