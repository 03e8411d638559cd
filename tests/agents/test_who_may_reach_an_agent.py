import pytest

from muniment.agents.models import Agent
from muniment.agents.selectors import agent, agents
from muniment.agents.services import create_agent, delete_agent, grant_agent, open_silo, update_agent
from muniment.core.errors import NotFoundError, PermissionDeniedError
from muniment.core.permissions import Permission
from tests.cast import Person


@pytest.fixture
def charter(alice: Person) -> Agent:
    return create_agent(actor=alice.actor, name="Charter")


def test_the_team_sees_it(charter: Agent, alice: Person, bob: Person) -> None:
    for person in (alice, bob):
        assert agent(person.actor, charter.id) == charter
        assert list(agents(person.actor)) == [charter]


def test_another_team_is_told_it_does_not_exist(charter: Agent, mallory: Person) -> None:
    assert list(agents(mallory.actor)) == []
    with pytest.raises(NotFoundError):
        agent(mallory.actor, charter.id)
    with pytest.raises(NotFoundError):
        open_silo(actor=mallory.actor, agent=charter, permission=Permission.DOCUMENT_VIEW)
    with pytest.raises(NotFoundError):
        update_agent(actor=mallory.actor, agent=charter, name="Mine")
    with pytest.raises(NotFoundError):
        delete_agent(actor=mallory.actor, agent=charter)
    charter.refresh_from_db()
    assert charter.name == "Charter"


def test_chat_only_sees_what_was_granted_and_may_only_ask(charter: Agent, alice: Person, carol: Person) -> None:
    other = create_agent(actor=alice.actor, name="Other")
    with pytest.raises(NotFoundError):
        agent(carol.actor, charter.id)
    grant_agent(actor=alice.actor, agent=charter, user=carol.user.pk)
    assert list(agents(carol.actor)) == [charter]
    assert open_silo(actor=carol.actor, agent=charter, permission=Permission.CONVERSATION_CREATE)
    for permission in (Permission.DOCUMENT_CREATE, Permission.DOCUMENT_DELETE, Permission.DOCUMENT_VIEW):
        with pytest.raises(PermissionDeniedError):
            open_silo(actor=carol.actor, agent=charter, permission=permission)
    with pytest.raises(NotFoundError):
        agent(carol.actor, other.id)
    with pytest.raises(PermissionDeniedError):
        create_agent(actor=carol.actor, name="Mine")
