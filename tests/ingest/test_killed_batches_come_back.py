"""A worker was killed over many documents: they come back at full speed, and soon the one that kills it goes alone."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from muniment.agents.models import Agent
from muniment.agents.services import create_agent
from muniment.ingest.documents import Document, DocumentState
from muniment.ingest.pipeline import GIVE_UP, Pipeline
from muniment.ingest.sandbox import shared
from muniment.ingest.selectors import documents, queued
from muniment.ingest.services import add_document
from muniment.jobs.services import run_due
from muniment.llm.services import embedder
from muniment.silo.chunks import chunk_index
from muniment.silo.sealed import Silo
from muniment.silo.services import open_silo, originals
from muniment.silo.types import Table
from tests.cast import Person

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]
MANY = 64


@pytest.fixture
def agent(alice: Person) -> Agent:
    made = create_agent(actor=alice.actor, name="Museum")
    for number in range(MANY):
        text = b"Room %d is open on Mondays." % number
        add_document(actor=alice.actor, agent=made, name=f"{number}.txt", source=[text])
    return made


def _cut_short(silo: Silo, found: Iterable[Document], times: int) -> None:
    """As kills leave them: counted when they were taken, and nothing more."""
    with silo.writing() as writer:
        writer.put(Table.DOCUMENT, [replace(one, attempts=times).to_record() for one in found])


@pytest.mark.parametrize(
    ("times", "commits"), [(0, 1), (1, 1), (2, 4), (3, 8), (4, 16), (5, 32), (6, 64), (GIVE_UP, 0)]
)
def test_once_is_no_suspicion_then_groups_halve(
    alice: Person, agent: Agent, monkeypatch: pytest.MonkeyPatch, times: int, commits: int
) -> None:
    """A commit is what costs; of documents of one chunk up to 128 share one."""
    counted: list[int] = []
    index = chunk_index.get("chunks")
    add = index.add
    monkeypatch.setattr(index, "add", lambda writer, chunks: (counted.append(len(chunks)), add(writer, chunks)))
    _cut_short(open_silo(agent.silo), documents(alice.actor, agent), times)
    run_due()
    assert len(counted) == commits
    given_up = times == GIVE_UP
    ended = DocumentState.FAILED if given_up else DocumentState.LIVE
    assert {one.state for one in documents(alice.actor, agent)} == {ended}


def test_a_suspect_waits_for_the_others_and_goes_alone(
    alice: Person, agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    suspect = documents(alice.actor, agent)[MANY // 2]
    _cut_short(open_silo(agent.silo), [suspect], 6)
    commits: list[set[str]] = []
    index = chunk_index.get("chunks")
    add = index.add
    monkeypatch.setattr(
        index, "add", lambda writer, chunks: (commits.append({one.document for one in chunks}), add(writer, chunks))
    )
    run_due()
    assert commits[-1] == {suspect.id}
    assert not any(suspect.id in commit for commit in commits[:-1])


class _Killed(BaseException):
    """The process is gone."""


class _Deadly:
    """A sandbox whose worker is killed over one document."""

    def __init__(self, name: str) -> None:
        self._name = name

    def parse(self, source: Iterable[bytes], *, name_hint: str, **more: Any) -> Any:
        if name_hint == self._name:
            raise _Killed
        return shared.sandbox().parse(source, name_hint=name_hint, **more)


class _Job:
    others_wait = False

    def heartbeat(self, **_: Any) -> None:
        """Nobody looks."""


def test_one_that_kills_the_worker_each_time_is_given_up_and_takes_nobody_along(
    alice: Person, agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    silo, deadly = open_silo(agent.silo), f"{MANY // 2}.txt"
    counted = Pipeline._counted
    # What a process writes after its death is not written.
    monkeypatch.setattr(
        Pipeline, "_counted", lambda self, writer, batch, by: counted(self, writer, batch, by) if by == 1 else []
    )
    job: Any = _Job()
    whole: Any = {"actor": alice.actor, "silo": silo, "originals": originals(silo), "sandbox": _Deadly(deadly)}
    deaths = 0
    while queued(alice.actor, agent, [one.id for one in documents(alice.actor, agent)]):
        try:
            Pipeline(**whole, embedder=embedder(), job=job).run()
        except _Killed:
            deaths += 1
    found = {one.name: one for one in documents(alice.actor, agent)}
    assert deaths == GIVE_UP
    assert found.pop(deadly).state is DocumentState.FAILED
    assert {one.state for one in found.values()} == {DocumentState.LIVE}
    tries = Counter(one.attempts for one in found.values())
    assert tries[3] >= MANY - 16  # two deaths, then all but the group of the deadly one
    assert max(tries) <= 7
