"""At 80 % and at the limit a team is told once: by an event, on the pages of who can act, and by mail to its owners."""

import json

import pytest

from muniment.agents.models import Agent
from muniment.audit.models import Entry
from muniment.audit.services import checkpoint_now
from tests.accounts.mail_received import mail  # noqa: F401 - a fixture
from tests.cast import Person
from tests.core.test_mail_out import MailServer
from tests.credits.conftest import PARKING, add, ask, limit, words

NEAR = "The limit of words is near"


def told(person: Person, credit: str = "words") -> list[int]:
    """The per cents that were told, as the log has them."""
    checkpoint_now()
    found = Entry.objects.filter(kind="team:credit:warn", team=person.team.pk).order_by("seq")
    facts = [json.loads(body)["facts"] for body in found.values_list("body", flat=True)]
    return [one["percent"] for one in facts if one["credit"] == credit]


def test_once_at_80_per_cent_and_once_at_the_limit(alice: Person, agent: Agent) -> None:
    limit(alice, words=100)
    add(alice, agent, "a.txt", words(79))
    assert told(alice) == []
    add(alice, agent, "b.txt", words(1, "seed"))
    assert told(alice) == [80]
    add(alice, agent, "c.txt", words(5, "leaf"))
    assert told(alice) == [80]
    add(alice, agent, "d.txt", words(15, "root"))
    assert told(alice) == [80, 100]


def test_so_of_answers(alice: Person, hospital: Agent) -> None:
    limit(alice, queries=5)
    for _ in range(3):
        ask(alice, hospital, PARKING)
    assert told(alice, "queries") == []
    ask(alice, hospital, PARKING)
    assert told(alice, "queries") == [80]
    ask(alice, hospital, PARKING)
    assert told(alice, "queries") == [80, 100]


def test_another_limit_is_another_warning(alice: Person, agent: Agent) -> None:
    limit(alice, words=100)
    add(alice, agent, "a.txt", words(80))
    limit(alice, words=110)
    add(alice, agent, "b.txt", words(10, "seed"))
    assert told(alice) == [80, 80]


def test_pages_tell_who_can_act(alice: Person, bob: Person, carol: Person, agent: Agent) -> None:
    limit(alice, words=100)
    assert "words are stored" not in alice.client.get("/").content.decode()
    add(alice, agent, "a.txt", words(80))
    for person in (alice, bob):
        assert "80 of 100 words are stored" in person.client.get("/").content.decode()
        assert NEAR in person.client.get("/team/credits").content.decode()
        assert "At the limit, new documents wait." in person.client.get(f"{agent.url}/knowledge").content.decode()
    assert "words are stored" not in carol.client.get("/").content.decode()
    assert carol.client.get("/team/credits").status_code == 403


@pytest.mark.usefixtures("loopback")
def test_owners_get_a_mail_and_nobody_else(
    mail: MailServer,  # noqa: F811 - the fixture
    alice: Person,
    bob: Person,
    mallory: Person,
    agent: Agent,
) -> None:
    limit(alice, words=100)
    add(alice, agent, "a.txt", words(79))
    assert mail.sealed == []
    add(alice, agent, "b.txt", words(1, "seed"))
    heard = [line for line in mail.sealed if line.upper().startswith("RCPT")]
    assert [alice.user.email in line for line in heard] == [True]
    text = "\n".join(mail.sealed)
    assert "Subject: A limit of your team comes near" in text
    assert "80 words of the 100" in text
    assert "/team/credits" in text
