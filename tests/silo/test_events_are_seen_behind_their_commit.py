"""The sequencer looks into a silo while a long transaction is open in it: what that commits is seen all the same."""

import pytest

from muniment.agents.services import create_agent
from muniment.audit.selectors import entries
from muniment.audit.services import checkpoint_now, pending_event
from muniment.chat.events import QUESTION_ASKED
from muniment.core.actors import SYSTEM
from muniment.silo.services import open_silo
from tests.cast import Person


@pytest.mark.django_db(transaction=True)
def test_an_event_whose_mark_was_taken_before_its_commit(alice: Person) -> None:
    silo = open_silo(create_agent(actor=alice.actor, name="Museum").silo)
    with silo.writing() as writer:
        writer.add_event(*pending_event(kind=QUESTION_ASKED, actor=alice.actor, silo=silo.id, facts={}))
        checkpoint_now()
    assert entries(SYSTEM, silo=silo.id, kind=QUESTION_ASKED.name) == []
    checkpoint_now()
    assert len(entries(SYSTEM, silo=silo.id, kind=QUESTION_ASKED.name)) == 1
