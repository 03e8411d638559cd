"""What is theirs goes to somebody else or is deleted with them; nothing that was granted comes back with them."""

import pytest

from muniment.agents.models import Agent, AgentGrant
from muniment.agents.selectors import agents
from muniment.agents.services import create_agent, grant_agent
from muniment.chat.models import Conversation
from muniment.chat.services import ask
from muniment.crypto.services import keyring
from muniment.ingest.services import add_document
from muniment.jobs.services import run_due
from muniment.silo.services import key_facts
from muniment.teams.errors import HeirError
from muniment.teams.services import add_member, departure, invite, remove_member, suspend_member
from muniment.teams.types import Role, Stake
from tests.cast import Person, person

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def charter(bob: Person) -> Agent:
    return create_agent(actor=bob.actor, name="Charter")


def test_what_is_at_stake_is_told_in_numbers(alice: Person, bob: Person, charter: Agent) -> None:
    add_document(actor=bob.actor, agent=charter, name="a.txt", source=[b"Parking costs two euros."])
    run_due()
    list(ask(actor=alice.actor, agent=charter, question="What does parking cost?"))
    told = departure(actor=alice.actor, team=alice.team, user=bob.user)
    assert told == {Stake.AGENTS: 1, Stake.DOCUMENTS: 1, Stake.CONVERSATIONS: 1, Stake.KEYS: 0, Stake.WORDS: 4}
    assert list(agents(bob.actor)) == [charter]


def test_transferred(alice: Person, bob: Person, charter: Agent) -> None:
    remove_member(actor=alice.actor, team=alice.team, user=bob.user, heir=alice.user)
    charter.refresh_from_db()
    assert charter.owner == alice.user
    assert list(agents(alice.actor)) == [charter]


def test_deleted_with_its_key(alice: Person, bob: Person, charter: Agent) -> None:
    key = key_facts(charter.silo)
    assert keyring().holds(key)
    remove_member(actor=alice.actor, team=alice.team, user=bob.user)
    assert not Agent.objects.filter(pk=charter.pk).exists()
    assert not keyring().holds(key)


def test_who_only_chats_inherits_nothing(alice: Person, bob: Person, carol: Person, charter: Agent) -> None:
    with pytest.raises(HeirError):
        remove_member(actor=alice.actor, team=alice.team, user=bob.user, heir=carol.user)
    assert list(agents(bob.actor)) == [charter]


def test_who_is_suspended_inherits_nothing(alice: Person, bob: Person, carol: Person) -> None:
    suspend_member(actor=alice.actor, team=alice.team, user=bob.user)
    with pytest.raises(HeirError):
        remove_member(actor=alice.actor, team=alice.team, user=carol.user, heir=bob.user)


def test_grants_do_not_come_back(alice: Person, carol: Person) -> None:
    """Attacker: Carol, removed and later invited again. Positive control: before, the grant lets her in."""
    charter = create_agent(actor=alice.actor, name="Charter")
    grant_agent(actor=alice.actor, agent=charter, user=carol.user.pk)
    assert list(agents(carol.actor)) == [charter]
    remove_member(actor=alice.actor, team=alice.team, user=carol.user)
    assert not AgentGrant.objects.exists()
    add_member(actor=alice.actor, team=alice.team, user=carol.user, role=Role.CHAT_ONLY)
    assert list(agents(carol.actor)) == []


def test_what_they_asked_others_agents_is_erased(alice: Person, carol: Person) -> None:
    charter = create_agent(actor=alice.actor, name="Charter")
    grant_agent(actor=alice.actor, agent=charter, user=carol.user.pk)
    for who in (alice, carol):
        list(ask(actor=who.actor, agent=charter, question="What does parking cost?"))
    assert Conversation.objects.count() == 2
    remove_member(actor=alice.actor, team=alice.team, user=carol.user)
    run_due()
    assert Conversation.objects.get().person == alice.user.ref


def test_their_invitations_end(alice: Person, bob: Person) -> None:
    add_member(actor=alice.actor, team=alice.team, user=(dora := person("dora")), role=Role.OWNER)
    invite(actor=Person(dora, alice.team).actor, team=alice.team, email="x@example.org", role=Role.MEMBER)
    assert alice.team.invitations.count() == 1
    remove_member(actor=alice.actor, team=alice.team, user=dora)
    assert alice.team.invitations.count() == 0
