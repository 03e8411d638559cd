"""The job of an agent that was erased meanwhile ends quietly; the same error in a living agent is a fault, and told."""

from collections.abc import Callable

import pytest

from muniment.agents.models import Agent
from muniment.agents.services import create_agent, delete_agent
from muniment.core.errors import NotFoundError
from muniment.crypto.errors import KeyDestroyedError
from muniment.ingest.pipeline import Pipeline
from muniment.ingest.queue import JOB
from muniment.ingest.services import add_document
from muniment.jobs.models import Job
from muniment.jobs.services import run_due
from muniment.jobs.types import JobState
from muniment.silo.errors import SiloDestroyedError
from tests.cast import Person

pytestmark = pytest.mark.django_db(transaction=True)
ERRORS = [NotFoundError, KeyDestroyedError, SiloDestroyedError]


@pytest.fixture
def agent(alice: Person) -> Agent:
    made = create_agent(actor=alice.actor, name="Museum")
    add_document(actor=alice.actor, agent=made, name="a.txt", source=[b"The herbarium is open on Mondays."])
    return made


def _state(monkeypatch: pytest.MonkeyPatch, run: Callable[[Pipeline], None]) -> tuple[str, str]:
    monkeypatch.setattr(Pipeline, "run", run)
    run_due()
    job = Job.objects.get(kind=JOB)
    return job.state, job.error


@pytest.mark.parametrize("error", ERRORS)
def test_a_fault_in_a_living_agent_is_told(
    agent: Agent, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def run(_: Pipeline) -> None:
        raise error("There is nothing with this id.")

    assert _state(monkeypatch, run) == (JobState.FAILED, "There is nothing with this id.")


@pytest.mark.parametrize("error", ERRORS)
def test_an_agent_erased_meanwhile_has_nothing_left_to_do(
    agent: Agent, alice: Person, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def run(_: Pipeline) -> None:
        delete_agent(actor=alice.actor, agent=agent)
        raise error("There is nothing with this id.")

    assert _state(monkeypatch, run) == (JobState.DONE, "")


def test_an_agent_erased_before_has_nothing_to_do(agent: Agent, alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    delete_agent(actor=alice.actor, agent=agent)

    def run(_: Pipeline) -> None:
        raise AssertionError("nothing is read of an agent that is gone")

    assert _state(monkeypatch, run) == (JobState.DONE, "")
