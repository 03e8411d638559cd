"""Attacker: chance, or a colleague who deletes what somebody else is using at that moment. Moves: the agent goes while
a file is uploaded to it or a question is asked, a conversation while its answer streams. Guarantee: G-14."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import RequestFactory

from muniment.agents.models import Agent
from muniment.agents.services import create_agent, delete_agent
from muniment.chat.models import Conversation
from muniment.chat.selectors import conversations
from muniment.chat.services import ask as ask_agent
from muniment.chat.services import delete_conversation, rename_conversation
from muniment.chat.types import Started
from muniment.console.errors import answer_to
from muniment.core.errors import MunimentError, NotFoundError
from muniment.crypto.errors import KeyDestroyedError
from muniment.ingest.selectors import totals
from muniment.ingest.services import add_document
from muniment.silo.services import open_silo
from muniment.silo.types import Table
from tests.cast import Person
from tests.chat.conftest import PARKING, agent  # noqa: F401 - a fixture


def _left_of(silo: str) -> list[Path]:
    """Files of the silo that hold something, in home or keys; the empty mark for the sequencer goes at its look."""
    folders = (Path(settings.MUNIMENT_HOME), Path(settings.MUNIMENT_KEYS))
    found = [path for folder in folders for path in folder.rglob("*") if silo in str(path) and path.is_file()]
    return [path for path in found if path.stat().st_size]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("goes", [True, False])
def test_an_upload_to_an_agent_that_goes_leaves_nothing(alice: Person, goes: bool) -> None:
    made = create_agent(actor=alice.actor, name="Archive")

    def arriving() -> Iterator[bytes]:
        yield b"a" * 200_000
        if goes:
            delete_agent(actor=alice.actor, agent=made)
        yield b"b" * 200_000

    if goes:
        with pytest.raises(KeyDestroyedError) as caught:
            add_document(actor=alice.actor, agent=made, name="a.txt", source=arriving())
        request = RequestFactory().get("/", headers={"accept": "application/json"})
        assert answer_to(request, caught.value).status_code == 404
        assert _left_of(made.silo) == []
    else:
        add_document(actor=alice.actor, agent=made, name="a.txt", source=arriving())
        assert totals(alice.actor, made).working == 1
        assert _left_of(made.silo)


def test_an_agent_that_goes_while_it_answers_leaves_nothing(alice: Person, agent: Agent) -> None:  # noqa: F811
    events = ask_agent(actor=alice.actor, agent=agent, question=PARKING)
    assert isinstance(next(events), Started)
    delete_agent(actor=alice.actor, agent=agent)
    with pytest.raises(MunimentError):
        list(events)
    assert _left_of(agent.silo) == []
    assert not Conversation.objects.exists()


def test_a_conversation_that_goes_while_its_answer_streams_stays_gone(alice: Person, agent: Agent) -> None:  # noqa: F811
    kept = next(ask_agent(actor=alice.actor, agent=agent, question=PARKING))
    events = ask_agent(actor=alice.actor, agent=agent, question=PARKING)
    started = next(events)
    assert isinstance(started, Started)
    assert isinstance(kept, Started)
    delete_conversation(actor=alice.actor, agent=agent, conversation=started.conversation)
    list(events)
    assert [talk.id for talk in conversations(alice.actor)] == [kept.conversation]
    with open_silo(agent.silo).reading() as reader:
        assert {row.hex() for row in reader.ids(Table.MESSAGE, group=started.conversation)} == set()
        assert len(reader.ids(Table.MESSAGE, group=kept.conversation)) == 1
    with pytest.raises(NotFoundError):
        rename_conversation(actor=alice.actor, agent=agent, conversation=started.conversation, title="Back")
