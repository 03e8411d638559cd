"""Asking without JavaScript: a form, a redirect to the conversation, an error that keeps what was typed."""

from muniment.agents.models import Agent
from muniment.agents.services import create_agent
from muniment.silo.services import close_all, location
from tests.cast import Person
from tests.chat.conftest import FOOTBALL, PARKING, ask


def test_the_answer_stands_on_the_page_of_its_conversation(alice: Person, agent: Agent) -> None:
    page = alice.client.get(ask(alice, agent, PARKING))
    (turn,) = page.context["turns"]
    assert turn["state"] == "answered"
    assert "two euros per hour" in turn["html"]
    assert turn["passages"][0]["document"] == "policy.md"


def test_a_suggestion_is_a_question_too(alice: Person, agent: Agent) -> None:
    response = alice.client.post(f"{agent.url}/ask", {"suggestion": PARKING})
    assert alice.client.get(response["Location"]).context["turns"][0]["question"] == PARKING


def test_a_question_that_is_too_long_comes_back_as_it_was_typed(alice: Person, agent: Agent) -> None:
    response = alice.client.post(f"{agent.url}/ask", {"question": "x" * 4001})
    assert response.status_code == 422
    assert response.context["trouble"] == "The question is longer than 4,000 characters. Shorten it."
    assert response.context["typed"] == "x" * 4001


def test_asking_again_replaces_the_question_and_all_after_it(alice: Person, agent: Agent) -> None:
    first = ask(alice, agent, PARKING)
    page = alice.client.get(first)
    conversation, message = page.context["conversation"]["id"], page.context["turns"][0]["id"]
    ask(alice, agent, FOOTBALL, conversation=conversation)
    edit = alice.client.get(first.partition("#")[0], {"edit": message})
    assert edit.context["edit"] == {"message": message, "text": PARKING}
    again = ask(alice, agent, "How many visitors may stay?", conversation=conversation, replaces=message)
    page = alice.client.get(again)
    assert [turn["question"] for turn in page.context["turns"]] == ["How many visitors may stay?"]
    (row,) = alice.client.get("/conversations").context["talks"]
    assert row["questions"] == 1


def test_an_agent_without_documents_says_what_to_do(alice: Person, agent: Agent) -> None:
    assert "What would you like to know?" in alice.client.get(agent.url).content.decode()
    empty = create_agent(actor=alice.actor, name="Empty")
    assert "This agent has no documents yet" in alice.client.get(empty.url).content.decode()


def test_a_damaged_agent_says_so_where_one_would_ask(alice: Person, agent: Agent) -> None:
    close_all()
    location(agent.silo).write_bytes(b"no silo" * 10_000)
    page = alice.client.get(agent.url)
    assert page.status_code == 200
    assert "This agent cannot be opened" in page.content.decode()
    assert alice.client.post(f"{agent.url}/ask", {"question": PARKING}).status_code == 500
    assert alice.client.get("/conversations").status_code == 200
