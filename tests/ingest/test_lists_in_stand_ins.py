"""Who may see the list of documents, and no names, reads each document under its working name; an analyst is one."""

import pytest

from muniment.accounts.models import User
from muniment.agents.services import create_agent
from muniment.core.errors import PermissionDeniedError
from muniment.ingest.selectors import documents, inspect_document
from muniment.ingest.services import add_document
from muniment.jobs.services import run_due
from muniment.teams.services import add_member
from muniment.teams.types import Role
from tests.cast import Person, person

pytestmark = pytest.mark.django_db(transaction=True)
NAME = "Letter of Margaret Holloway.txt"


@pytest.fixture
def ann(alice: Person) -> Person:
    user: User = person("ann")
    add_member(actor=alice.actor, team=alice.team, user=user, role=Role.ANALYST)
    return Person(user, alice.team)


def test_an_analyst_reads_the_working_name_and_the_builder_the_name(alice: Person, bob: Person, ann: Person) -> None:
    agent = create_agent(actor=alice.actor, name="Letters")
    letter = b"Dear Margaret Holloway, your parking space is number seventeen."
    added = add_document(actor=alice.actor, agent=agent, name=NAME, source=[letter])
    run_due()
    assert [one.name for one in documents(bob.actor, agent)] == [NAME]
    listed = documents(ann.actor, agent)
    assert [one.id for one in listed] == [added.document]
    assert "Holloway" not in listed[0].name
    page = ann.client.get(f"{agent.url}/knowledge").content.decode()
    assert "Holloway" not in page
    assert "What was read" not in page
    assert "Holloway" in bob.client.get(f"{agent.url}/knowledge").content.decode()
    with pytest.raises(PermissionDeniedError):
        inspect_document(ann.actor, agent, added.document)
