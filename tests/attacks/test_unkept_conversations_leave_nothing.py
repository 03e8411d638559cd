"""Attacker: holds the home, the silo's file and the control plane's with their keys, all that the keyring opens, the
server's log, and the addresses a browser remembers.

Move: searches all of it for the words of a question that an agent was asked which keeps no conversations, and of its
follow-up, by the stream and by the plain form; and for what else would tell what was asked: titles, rows, vectors.

Guarantee: G-98. Nothing is found, and two events without content are. The same search finds a question that is kept.
"""

import logging
from pathlib import Path

import pytest
from django.conf import settings

from muniment.agents.models import Agent
from muniment.agents.services import create_agent
from muniment.agents.types import AtOnce, MaskingMode
from muniment.audit.selectors import entries
from muniment.audit.services import checkpoint_now
from muniment.chat.models import Conversation
from muniment.core.actors import SYSTEM
from muniment.crypto.envelope import derive
from muniment.crypto.keyring import Keyring
from muniment.crypto.services import control_key
from muniment.crypto.types import KeyKind
from muniment.silo.services import key_facts, location, open_silo
from muniment.silo.sqlcipher_engine import PAGE_SIZE
from muniment.silo.types import Table
from tests.cast import Person
from tests.chat.conftest import POLICY, add, only, stream
from tests.long.canaries import forms, hits
from tests.silo.raw_pages import decrypted

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = ["zanzibarquartz", "lanternfish", "nightheron"]
FIRST = f"What does parking behind the east wing cost, {WORDS[0]}?"
SECOND = f"And on weekends, {WORDS[1]}?"
THIRD = f"How many visitors may stay, {WORDS[2]}?"


def made(alice: Person, *, kept: bool) -> Agent:
    deletes = AtOnce(conversations=not kept)
    agent = create_agent(actor=alice.actor, name="Hospital", masking=MaskingMode.OFF, deletes=deletes)
    add(alice, agent, "policy.md", POLICY.encode())
    return agent


def seized(agent: Agent, keyring: Keyring, log: str) -> bytes:
    """All that can be read anywhere."""
    key = derive(keyring.open(key_facts(agent.silo)), "sqlcipher")
    raw = decrypted(location(agent.silo), key, page_size=PAGE_SIZE)
    control = decrypted(Path(settings.DATABASES["default"]["NAME"]), control_key(), page_size=4096)
    silo = open_silo(agent.silo)
    with silo.reading() as reader:
        records = [record.content for table in Table for record in reader.records(table)]
        segments = [content for info in reader.segments() if (content := reader.segment(info.id))]
    return b"\n".join([raw, control, log.encode(), *records, *segments])


def found(everything: bytes) -> set[str]:
    return {word for word in WORDS for needle in forms(word).values() if needle in everything}


def test_the_search_finds_what_is_kept(alice: Person, keyring: Keyring, caplog: pytest.LogCaptureFixture) -> None:
    agent = made(alice, kept=True)
    for question in (FIRST, SECOND, THIRD):
        alice.client.post(f"{agent.url}/ask", {"question": question})
    assert found(seized(agent, keyring, caplog.text)) == set(WORDS)


def test_nothing_of_what_was_asked_is_anywhere(
    alice: Person, keyring: Keyring, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    agent = made(alice, kept=False)
    before = _vectors(agent)
    first = stream(alice, agent, FIRST, carries="")
    assert "two euros per hour" in str(first)
    follow_up = stream(alice, agent, SECOND, carries=only(first, "done")[0]["carries"])
    page = alice.client.post(f"{agent.url}/ask", {"question": THIRD, "carries": only(follow_up, "done")[0]["carries"]})
    assert all(word in page.content.decode() for word in WORDS)  # they were asked, and the page has them
    assert (page.status_code, page["Cache-Control"]) == (200, "no-store")
    assert not page.headers.get("Location")  # no address for a history to remember

    assert found(seized(agent, keyring, caplog.text)) == set()
    assert hits(WORDS, [Path(settings.MUNIMENT_HOME), Path(settings.MUNIMENT_KEYS)]) == []
    assert not Conversation.objects.filter(agent=agent).exists()
    silo = open_silo(agent.silo)
    with silo.reading() as reader:
        assert [reader.count(table) for table in (Table.CONVERSATION, Table.MESSAGE)] == [0, 0]
    assert KeyKind.CONVERSATION not in {ref.kind for ref, _ in silo.keyring.refs(silo.id)}
    assert _vectors(agent) == before == 0  # which sentences were weighed would tell what was asked
    checkpoint_now()
    kinds = [one.kind for one in entries(SYSTEM, silo=agent.silo) if one.kind.startswith("agent:message")]
    assert kinds == ["agent:message:answered", "agent:message:asked"] * 3


def _vectors(agent: Agent) -> int:
    with open_silo(agent.silo).reading() as reader:
        return reader.count(Table.SENTENCES)
