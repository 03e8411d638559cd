"""Attacker: may ask one agent and wants what is in another's silo: of his own team, of another, by id or by file.

Move: every read path with the other's ids, fifty askers at once, and the sealed rows, files and key rings of one silo
moved into the other by somebody who can write to the disk.

Guarantee: G-16. No path gives a word of the other silo; the same path gives it to who may ask that agent.
"""

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections

from muniment.agents.models import Agent
from muniment.agents.selectors import isolation
from muniment.agents.services import create_agent, grant_agent
from muniment.chat.selectors import conversation, conversations, turn
from muniment.chat.services import ask, delete_conversation, rename_conversation
from muniment.chat.types import Finished, Started
from muniment.core.actors import Actor
from muniment.core.errors import MunimentError, NotFoundError
from muniment.crypto.services import forget_keyring
from muniment.ingest.selectors import documents, names, open_document, original
from muniment.ingest.services import add_document, delete_documents
from muniment.jobs.services import run_due
from muniment.llm.services import embedder
from muniment.retrieval.selectors import cache, passages
from muniment.retrieval.types import Query
from muniment.silo.errors import SiloCorruptedError
from muniment.silo.services import close_all, location, open_silo
from muniment.silo.types import Row, Table
from tests.cast import Person

QUESTION = "What is the password of the vault?"


@dataclass
class Filled:
    """An agent whose one document holds `phrase`, and one conversation about it."""

    agent: Agent
    phrase: str
    document: str
    talk: str
    message: str


def _filled(person: Person, name: str, phrase: str) -> Filled:
    agent = create_agent(actor=person.actor, name=name)
    text = f"The password of the vault is {phrase}, said the keeper of the vault."
    document = add_document(actor=person.actor, agent=agent, name=f"{phrase}.txt", source=[text.encode()]).document
    run_due()
    heard = list(ask(actor=person.actor, agent=agent, question=QUESTION))
    assert phrase in str(heard)
    talk = next(event.conversation for event in heard if isinstance(event, Started))
    return Filled(agent, phrase, document, talk, next(e.message for e in heard if isinstance(e, Finished)))


@pytest.fixture
def red(alice: Person) -> Filled:
    return _filled(alice, "Red", "marigoldfinch")


@pytest.fixture
def blue(alice: Person) -> Filled:
    return _filled(alice, "Blue", "cobaltheron")


def _asked(actor: Actor, agent: Agent, _: Filled) -> object:
    return list(ask(actor=actor, agent=agent, question=QUESTION))


def _found(actor: Actor, agent: Agent, _: Filled) -> object:
    return passages(actor, agent, Query(QUESTION, embedder().embed([QUESTION])[0], embedder().name), limit=8)


READS: dict[str, Callable[[Actor, Agent, Filled], object]] = {
    "ask": _asked,
    "search": _found,
    "documents": lambda actor, agent, _: documents(actor, agent),
    "viewer": lambda actor, agent, other: open_document(actor, agent, other.document),
    "original": lambda actor, agent, other: b"".join(original(actor, agent, other.document)),
    "names": lambda actor, agent, other: names(actor, agent, {other.document}),
    "conversation": lambda actor, agent, other: conversation(actor, agent, other.talk),
    "answer": lambda actor, agent, other: turn(actor, agent, other.message),
}
BY_AGENT_ONLY = {"ask", "search", "documents"}  # these take no id of a thing inside a silo


@pytest.mark.parametrize("path", READS)
@pytest.mark.django_db(transaction=True)
def test_every_read_path(path: str, red: Filled, blue: Filled, alice: Person, carol: Person, mallory: Person) -> None:
    read = READS[path]
    assert blue.phrase in str(read(alice.actor, blue.agent, blue))
    for other in (carol, mallory):  # of the team without a grant; of another team
        with pytest.raises(NotFoundError):
            read(other.actor, blue.agent, blue)
    grant_agent(actor=alice.actor, agent=red.agent, user=carol.user.pk)
    for actor in (alice.actor, carol.actor):  # through an agent that they may ask, with ids of the other
        try:
            said = str(read(actor, red.agent, blue))
        except MunimentError as error:
            said = str(error)
        assert blue.phrase not in said
        assert path not in BY_AGENT_ONLY or red.phrase in said or actor.user == carol.user.pk


@pytest.mark.django_db(transaction=True)
def test_lists_and_facts_are_the_own_agents(red: Filled, blue: Filled, alice: Person, carol: Person) -> None:
    grant_agent(actor=alice.actor, agent=red.agent, user=carol.user.pk)
    assert [talk.id for talk in conversations(alice.actor, red.agent)] == [red.talk]
    assert conversations(carol.actor) == []
    with pytest.raises(NotFoundError):
        isolation(carol.actor, blue.agent)
    with pytest.raises(NotFoundError):
        rename_conversation(actor=alice.actor, agent=red.agent, conversation=blue.talk, title="Mine")
    with pytest.raises(NotFoundError):
        delete_conversation(actor=alice.actor, agent=red.agent, conversation=blue.talk)
    assert delete_documents(actor=alice.actor, agent=red.agent, documents=[blue.document]) == 0
    assert blue.phrase in str(list(ask(actor=alice.actor, agent=blue.agent, question=QUESTION)))


@pytest.mark.django_db(transaction=True)
def test_fifty_askers_at_once_hear_their_own_agent_only(red: Filled, blue: Filled, alice: Person) -> None:
    actor = alice.actor

    def heard(number: int) -> tuple[str, Filled]:
        asked = (red, blue)[number % 2]
        try:
            return str(list(ask(actor=actor, agent=asked.agent, question=QUESTION))), asked
        finally:
            connections.close_all()

    with ThreadPoolExecutor(50) as askers:
        for said, asked in askers.map(heard, range(100)):
            assert asked.phrase in said
            assert (blue if asked is red else red).phrase not in said


def _rows_moved(into: Filled, out_of: Filled, *, owner: bytes | None) -> None:
    """Every sealed row and segment of one silo put into the other, under its own group or under `owner`."""
    with open_silo(out_of.agent.silo).engine.reading() as reader:
        rows = {table: list(reader.rows(table)) for table in Table if table is not Table.QUEUE}
        segments = [(info, reader.segment(info.id)) for info in reader.segments()]
    with open_silo(into.agent.silo).engine.writing() as writer:
        for table, some in rows.items():
            writer.put(table, [Row(row.id, owner or row.group, row.body) for row in some])
        for info, body in segments:
            writer.put_segment(info, body or b"")


@pytest.mark.django_db(transaction=True)
def test_sealed_rows_moved_into_another_silo_do_not_open(red: Filled, blue: Filled, alice: Person) -> None:
    cache.index(open_silo(red.agent.silo))
    _rows_moved(red, blue, owner=None)
    for path, read in READS.items():
        try:
            said = str(read(alice.actor, red.agent, blue))
        except MunimentError as error:
            said = str(error)
        assert blue.phrase not in said, path
    assert red.phrase in str(documents(alice.actor, red.agent))


@pytest.mark.django_db(transaction=True)
def test_sealed_rows_moved_under_a_group_whose_key_is_there_are_damage(
    red: Filled, blue: Filled, alice: Person
) -> None:
    with open_silo(red.agent.silo).engine.reading() as reader:
        owner = next(iter(reader.groups(Table.DOCUMENT)))
    _rows_moved(red, blue, owner=owner)
    with pytest.raises(SiloCorruptedError, match="all other agents work"):
        documents(alice.actor, red.agent)
    assert blue.phrase in str(list(ask(actor=alice.actor, agent=blue.agent, question=QUESTION)))


@pytest.mark.parametrize("with_ring", [False, True], ids=["the file", "the file and its keys"])
@pytest.mark.django_db(transaction=True)
def test_a_file_put_in_the_place_of_another_does_not_open(
    red: Filled, blue: Filled, alice: Person, with_ring: bool
) -> None:
    for filled in (red, blue):
        open_silo(filled.agent.silo).engine.scrub()
    close_all()
    shutil.copy(location(blue.agent.silo), location(red.agent.silo))
    files = Path(settings.MUNIMENT_HOME) / "originals"
    shutil.copytree(files / blue.agent.silo, files / red.agent.silo, dirs_exist_ok=True)
    if with_ring:
        rings = Path(settings.MUNIMENT_KEYS) / "rings"
        shutil.copy(rings / f"{blue.agent.silo}.ring", rings / f"{red.agent.silo}.ring")
    forget_keyring()
    cache.drop(red.agent.silo)
    for path, read in READS.items():
        with pytest.raises(MunimentError):
            read(alice.actor, red.agent, blue)
        assert blue.phrase in str(read(alice.actor, blue.agent, blue)), path
