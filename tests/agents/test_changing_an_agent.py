import pytest

from muniment.agents.errors import AgentNameError
from muniment.agents.services import create_agent, update_agent
from muniment.agents.types import AnswerLength
from tests.cast import Person


def test_what_can_be_changed_is_changed(alice: Person) -> None:
    charter = create_agent(actor=alice.actor, name="  Charter \n of  1215 ")
    assert charter.name == "Charter of 1215"
    charter = update_agent(actor=alice.actor, agent=charter, name="Magna Carta", length="short", retention_days=30)
    charter.refresh_from_db()
    assert (charter.name, charter.length, charter.retention_days) == ("Magna Carta", AnswerLength.SHORT, 30)


@pytest.mark.parametrize("name", ["", "  \n", "x" * 101])
def test_a_name_must_be_one(alice: Person, name: str) -> None:
    with pytest.raises(AgentNameError):
        create_agent(actor=alice.actor, name=name)


def test_its_silo_and_team_cannot_be_changed(alice: Person) -> None:
    charter = create_agent(actor=alice.actor, name="Charter")
    with pytest.raises(TypeError):
        update_agent(actor=alice.actor, agent=charter, silo="x")
