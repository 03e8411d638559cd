"""An agent that keeps no conversations: follow-ups, asking anew, editing; by the stream and by the plain form."""

import re
from typing import Any

import pytest

from muniment.agents.models import Agent
from muniment.agents.services import create_agent, grant_agent, update_agent
from muniment.agents.types import AtOnce, MaskingMode
from muniment.chat.models import Conversation
from muniment.chat.selectors import conversations
from muniment.chat.services import ask, delete_conversations
from muniment.core.errors import PermissionDeniedError
from muniment.ingest.services import change_deletion, delete_documents
from muniment.llm.services import add_provider, remove_provider
from muniment.silo.services import open_silo
from muniment.silo.types import Table
from tests.cast import Person
from tests.chat.conftest import FOOTBALL, PARKING, POLICY, add, only, stream

pytestmark = pytest.mark.django_db(transaction=True)
FOLLOW_UP = "And for staff?"
UNKEPT = AtOnce(conversations=True)


@pytest.fixture
def agent(alice: Person) -> Agent:
    made = create_agent(actor=alice.actor, name="Hospital", masking=MaskingMode.OFF, deletes=UNKEPT)
    add(alice, made, "policy.md", POLICY.encode())
    return made


def post(person: Person, agent: Agent, **fields: str) -> Any:
    """As the plain form does; the page."""
    page = person.client.post(f"{agent.url}/ask", {"carries": "", **fields})
    assert page.status_code in {200, 422}
    return page


def carries(page: Any) -> str:
    (value,) = re.findall(r'name="carries" value="([^"]*)"', page.content.decode())
    assert value == page.context["carries"]
    return str(value)


def questions(page: Any) -> list[str]:
    return [turn["question"] for turn in page.context["turns"]]


def test_a_follow_up_is_understood_from_what_the_page_brings(alice: Person, agent: Agent) -> None:
    first = stream(alice, agent, PARKING, carries="")
    (question,) = only(first, "question")
    assert question["conversation"] is None
    second = stream(alice, agent, FOLLOW_UP, carries=only(first, "done")[0]["carries"])
    assert "parking" in only(second, "question")[0]["searched_for"]
    alone = stream(alice, agent, FOLLOW_UP, carries="")
    assert only(alone, "question")[0]["searched_for"] is None


def test_what_was_stopped_before_the_answer_can_be_followed(alice: Person, agent: Agent) -> None:
    begun = only(stream(alice, agent, PARKING, carries=""), "question")[0]["carries"]
    second = stream(alice, agent, FOLLOW_UP, carries=begun)
    assert "parking" in only(second, "question")[0]["searched_for"]


def test_without_a_script_the_page_of_the_answer_has_all_turns(alice: Person, agent: Agent) -> None:
    page = post(alice, agent, question=PARKING)
    (turn,) = page.context["turns"]
    assert "two euros per hour" in turn["html"]
    assert turn["passages"][0]["document"] == "policy.md"
    page = post(alice, agent, question=FOLLOW_UP, carries=carries(page))
    assert questions(page) == [PARKING, FOLLOW_UP]
    assert page.context["turns"][1]["searched_for"]
    refused = post(alice, agent, question=FOOTBALL, carries=carries(page))
    assert [turn["state"] for turn in refused.context["turns"]][2] == "refused"


def test_asking_anew_and_editing_without_a_script(alice: Person, agent: Agent) -> None:
    page = post(alice, agent, question=PARKING)
    page = post(alice, agent, question=FOLLOW_UP, carries=carries(page))
    first = page.context["turns"][0]["id"]
    edit = post(alice, agent, edit=first, carries=carries(page))
    assert edit.context["edit"] == {"message": first, "text": PARKING}
    assert questions(edit) == [PARKING, FOLLOW_UP]
    never_mind = post(alice, agent, edit="", carries=carries(edit))
    assert (never_mind.context["edit"], questions(never_mind)) == (None, [PARKING, FOLLOW_UP])
    edited = post(alice, agent, question=FOOTBALL, replaces=first, carries=carries(edit))
    assert questions(edited) == [FOOTBALL]
    again = post(alice, agent, again=first, carries=carries(page))
    assert questions(again) == [PARKING]
    assert again.context["turns"][0]["id"] != first


def test_quotes_take_the_place_of_a_model_that_is_down(alice: Person, agent: Agent) -> None:
    provider = add_provider(actor=alice.actor, name="Gone", base_url="https://models.example.org/v1", model="tiny")
    update_agent(actor=alice.actor, agent=agent, provider=provider.pk)
    remove_provider(actor=alice.actor, provider=provider.pk)
    page = post(alice, agent, question=PARKING)
    (turn,) = page.context["turns"]
    assert turn["state"] == "unavailable"
    quoted = post(alice, agent, quotes=turn["id"], carries=carries(page))
    assert questions(quoted) == [PARKING]
    assert "two euros per hour" in quoted.context["turns"][0]["html"]
    events = stream(alice, agent, PARKING, carries=carries(page), replaces=turn["id"], quoting="on")
    assert (only(events, "unavailable"), len(only(events, "done"))) == ([], 1)


def test_a_question_that_is_none_loses_nothing(alice: Person, agent: Agent) -> None:
    page = post(alice, agent, question=PARKING)
    empty = post(alice, agent, question=" ", carries=carries(page))
    assert (empty.status_code, questions(empty)) == (422, [PARKING])


def test_long_conversations_carry_the_newest_turns(alice: Person, agent: Agent) -> None:
    page = post(alice, agent, question=PARKING)
    for number in range(21):
        page = post(alice, agent, question=f"Who won the cup in {1974 + number}?", carries=carries(page))
    assert questions(page) == [f"Who won the cup in {1975 + number}?" for number in range(20)]
    assert len(carries(page)) < 100_000


def test_an_erased_document_leaves_what_is_carried(alice: Person, agent: Agent) -> None:
    document = add(alice, agent, "fines.md", b"The fine for parking on the lawn is ninety euros.")
    page = post(alice, agent, question="What is the fine for parking on the lawn?")
    assert "ninety euros" in page.content.decode()
    delete_documents(actor=alice.actor, agent=agent, documents=[document])
    assert "ninety euros" not in post(alice, agent, edit="", carries=carries(page)).content.decode()


def test_nothing_can_be_rated_and_no_list_grows(alice: Person, agent: Agent) -> None:
    page = post(alice, agent, question=PARKING).content.decode()
    assert "Nothing of this conversation is stored." in page
    for absent in ("/feedback", "Good answer", "?edit=", 'name="conversation"', "data-talks"):
        assert absent not in page
    assert 'autocomplete="off"' in page
    assert alice.client.get("/conversations").context["talks"].object_list == []


def test_a_page_from_before_is_answered_and_not_stored(alice: Person, agent: Agent) -> None:
    """It was loaded while the agent kept conversations, so it brings none of what such a page carries."""
    page = alice.client.post(f"{agent.url}/ask", {"question": PARKING, "conversation": ""})
    assert questions(page) == [PARKING]
    assert not Conversation.objects.exists()


def test_those_from_before_stay_until_they_are_deleted(alice: Person, bob: Person, carol: Person, agent: Agent) -> None:
    change_deletion(actor=alice.actor, agent=agent, deletes=AtOnce())
    grant_agent(actor=alice.actor, agent=agent, user=carol.user.pk)
    for person in (alice, bob, carol):
        list(ask(actor=person.actor, agent=agent, question=PARKING))
    answer = alice.client.post(f"{agent.url}/deletion", {"conversations": "on"}, follow=True)
    assert "3 conversations from before are still kept" in answer.content.decode()
    (talk,) = conversations(bob.actor, agent)
    page = bob.client.get(f"{agent.url}/conversations/{talk.id}").content.decode()
    assert "two euros per hour" in page
    assert "not continued" in page
    assert 'id="ask-form"' not in page
    with pytest.raises(PermissionDeniedError):
        delete_conversations(actor=carol.actor, agent=agent)
    answer = alice.client.post(f"{agent.url}/conversations/delete", follow=True)
    assert "3 conversations deleted. Their keys are destroyed." in answer.content.decode()
    assert not Conversation.objects.filter(agent=agent).exists()
    with open_silo(agent.silo).reading() as reader:
        assert reader.count(Table.MESSAGE) == 0
