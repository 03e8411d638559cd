"""Attacker: one person, or many, of a team near its limit, or of another team.
Moves: ask fifty times at once; ask in several processes at once; delete and upload the same at once; have a worker
killed over a document; spend what is another team's.
Guarantee: G-127, a limit lets through exactly what is left, and what is counted is what is there.
"""

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from muniment.agents.models import Agent
from muniment.agents.services import create_agent
from muniment.chat.services import ask
from muniment.core.clock import now
from muniment.core.errors import NotFoundError
from muniment.credits.errors import QueriesSpentError
from muniment.credits.models import DocumentWords, QueryUnderWay
from muniment.credits.selectors import team_use
from muniment.credits.services import forget_silo, one_query
from muniment.ingest.selectors import documents
from muniment.ingest.services import add_document, count_words, delete_documents
from muniment.jobs.services import run_due
from tests.cast import Person
from tests.chat.conftest import PARKING, POLICY
from tests.credits.conftest import add, agent, asked, hospital, limit, stored, words  # noqa: F401 - fixtures
from tests.long.command_line import Installation

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parents[2]
MANY, LEFT = 50, 7


def at_once(work: Callable[[int], Any], count: int) -> list[Any]:
    together = Barrier(count)

    def one(number: int) -> Any:
        together.wait()
        try:
            return work(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def is_answered(person: Person, agent: Agent) -> bool:  # noqa: F811 - not the fixture
    try:
        list(ask(actor=person.actor, agent=agent, question=PARKING))
    except QueriesSpentError:
        return False
    return True


def test_fifty_questions_at_once_get_what_is_left(alice: Person, hospital: Agent) -> None:  # noqa: F811
    limit(alice, queries=LEFT)
    assert sum(at_once(lambda _: is_answered(alice, hospital), MANY)) == LEFT
    assert (asked(alice), QueryUnderWay.objects.count()) == (LEFT, 0)
    limit(alice, queries=LEFT + 3)
    assert sum(at_once(lambda _: is_answered(alice, hospital), MANY)) == 3


def _inside(muniment: Installation, module: str, *arguments: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.long.inside", module, *arguments]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, env=muniment.environment, stdout=pipe, stderr=pipe, text=True)


def test_two_processes_share_one_limit(tmp_path: Path) -> None:
    muniment = Installation(tmp_path)
    muniment.run("team", "limits", "--queries", "25")
    spending = [_inside(muniment, "tests.long.answering_out", "40") for _ in range(2)]
    results = [process.communicate() for process in spending]
    assert [error for _, error in results] == ["", ""]
    had = [int(said) for said, _ in results]
    assert sum(had) == 25
    assert muniment.run("team", "limits", "--json")["queries"] == {"used": 25, "limit": 25}
    muniment.run("team", "limits", "--queries", "none")
    assert _inside(muniment, "tests.long.answering_out", "40").communicate() == ("40\n", "")


def test_documents_of_many_agents_share_one_limit(alice: Person, agent: Agent) -> None:  # noqa: F811
    limit(alice, words=100)
    agents = [agent, *(create_agent(actor=alice.actor, name=f"Agent {number}") for number in range(4))]
    for one in agents:
        add_document(actor=alice.actor, agent=one, name="a.txt", source=[words(40, f"seed{one.pk[:4]}")])
    at_once(lambda _: run_due(), 3)
    run_due()
    live = [one for where in agents for one in documents(alice.actor, where) if one.state.value == "live"]
    assert (len(live), stored(alice)) == (2, 80)
    limit(alice, words=200)
    assert stored(alice) == 200


def test_what_is_deleted_by_many_at_once_is_freed_once(alice: Person, agent: Agent) -> None:  # noqa: F811
    kept = add(alice, agent, "kept.txt", words(15, "kept"))
    several = [add(alice, agent, f"{number}.txt", words(20, f"leaf{number}x")) for number in range(3)]
    assert stored(alice) == 75
    at_once(lambda _: delete_documents(actor=alice.actor, agent=agent, documents=several), 6)
    assert stored(alice) == 15
    assert list(DocumentWords.objects.values_list("document", "words")) == [(kept, 15)]
    assert count_words(thorough=True).documents == 0


def test_uploads_and_deletions_at_once_leave_what_is_there(alice: Person, agent: Agent) -> None:  # noqa: F811
    def act(number: int) -> None:
        added = add_document(actor=alice.actor, agent=agent, name=f"{number % 3}.txt", source=[words(10 + number)])
        run_due()
        if number % 2:
            delete_documents(actor=alice.actor, agent=agent, documents=[added.document])

    at_once(act, 6)
    run_due()
    assert stored(alice) == sum(one.words for one in documents(alice.actor, agent)) > 0
    assert count_words(thorough=True).documents == 0


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_worker_killed_over_a_document_loses_no_count(tmp_path: Path, moment: str) -> None:
    muniment = Installation(tmp_path)
    muniment.run("agent", "create", "Hospital")
    muniment.run("team", "limits", "--words", "100")
    file = tmp_path / "policy.md"
    file.write_bytes(POLICY.encode())
    muniment.run("ingest", "Hospital", str(file))
    dying = _inside(muniment, "tests.long.dying_over_words", moment)
    dying.communicate()
    assert dying.returncode == -9
    state = muniment.run("document", "list", "Hospital", "--json")[0]["state"]
    assert state == {"before": "queued", "after": "live"}[moment]
    taken = muniment.run("team", "limits", "--json")["words"]["used"]
    assert taken > 0  # the room is taken: never is there less room than there seems to be
    visitors = tmp_path / "visitors.md"
    visitors.write_bytes(b"Visitors come later.\n")  # read only by a worker that has started: it has counted by then
    with muniment.working():
        muniment.run("ingest", "Hospital", str(file), str(visitors), "--wait")
    assert muniment.run("team", "limits", "--json")["words"]["used"] == taken + 3
    found = next(one for one in muniment.run("doctor", "--json") if one["part"] == "credits")
    assert found["state"] == "ok"


def test_what_a_killed_answer_took_is_free_after_an_hour(alice: Person, hospital: Agent) -> None:  # noqa: F811
    limit(alice, queries=1)
    killed = QueryUnderWay.objects.create(team=alice.team.pk, month=f"{now():%Y-%m}")
    assert not is_answered(alice, hospital)
    QueryUnderWay.objects.filter(pk=killed.pk).update(since=now() - timedelta(minutes=61))
    assert is_answered(alice, hospital)
    assert not is_answered(alice, hospital)


def test_nobody_spends_or_frees_what_is_another_teams(alice: Person, mallory: Person, hospital: Agent) -> None:  # noqa: F811
    limit(alice, queries=1)
    before = team_use(alice.actor)
    with pytest.raises(NotFoundError):
        list(ask(actor=mallory.actor, agent=hospital, question=PARKING))
    with pytest.raises(NotFoundError), one_query(actor=mallory.actor, team=alice.team.pk, silo=hospital.silo):
        pass
    with pytest.raises(NotFoundError):
        forget_silo(actor=mallory.actor, team=alice.team.pk, silo=hospital.silo)
    assert team_use(alice.actor) == before
    assert (asked(mallory), stored(mallory)) == (0, 0)
    assert is_answered(alice, hospital)
    assert asked(alice) == 1
