"""A long job lets others have their turn, and loses none of its own."""

from collections.abc import Callable

import pytest

from muniment.core.actors import SYSTEM
from muniment.core.registries import JobHandler, RunningJob
from muniment.jobs import queue, selectors, services
from muniment.jobs.errors import JobLostError
from muniment.jobs.models import Job
from muniment.jobs.types import JobState

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def turns(handle: Callable[[str, JobHandler], None]) -> list[str]:
    """The keys of jobs in the order of their turns. A job of kind test:long works three turns while others wait."""
    seen: list[str] = []

    def work(job: RunningJob) -> None:
        while seen.count(job.payload["name"]) < 3:
            seen.append(job.payload["name"])
            if job.others_wait:
                job.come_again()
                return

    handle("test:long", work)
    return seen


def test_jobs_take_turns(turns: list[str]) -> None:
    jobs = [services.enqueue(actor=SYSTEM, kind="test:long", payload={"name": name}, key=name) for name in "ab"]
    services.run_due()
    assert turns == ["a", "b", "a", "b", "a", "b"]
    assert {selectors.find(SYSTEM, job).state for job in jobs} == {JobState.DONE}


def test_a_job_alone_is_not_interrupted(turns: list[str]) -> None:
    job = services.enqueue(actor=SYSTEM, kind="test:long", payload={"name": "a"}, key="a")
    assert services.run_due() == 1
    assert turns == ["a", "a", "a"]
    assert selectors.find(SYSTEM, job).attempt == 1


def test_the_next_job_of_the_same_key_shares_its_turns(noop: str) -> None:
    first = services.enqueue(actor=SYSTEM, kind=noop, payload={}, key="a")
    worker = queue.enlist()
    running = queue.claim(worker)
    assert running is not None
    services.enqueue(actor=SYSTEM, kind=noop, payload={}, key="a")
    assert not queue.others_wait(running)  # it cannot run before this one has ended
    other = services.enqueue(actor=SYSTEM, kind=noop, payload={}, key="b")
    assert queue.others_wait(running)
    queue.come_again(running)
    order = []
    while job := queue.claim(worker):
        order.append(job.pk)
        queue.complete(job)
    assert order[:2] == [other, first]


def test_nobody_ends_a_turn_for_a_job_that_kills_its_workers(noop: str) -> None:
    services.enqueue(actor=SYSTEM, kind=noop, payload={}, key="a")
    running = queue.claim(queue.enlist())
    assert running is not None
    killer = services.enqueue(actor=SYSTEM, kind=noop, payload={}, key="b")
    assert queue.others_wait(running)
    Job.objects.filter(pk=killer).update(lost=1)
    assert not queue.others_wait(running)


def test_who_lost_the_job_cannot_bring_it_back(noop: str) -> None:
    job = services.enqueue(actor=SYSTEM, kind=noop, payload={}, key="a")
    running = queue.claim(queue.enlist())
    assert running is not None
    services.cancel(actor=SYSTEM, job=job)
    with pytest.raises(JobLostError):
        queue.come_again(running)
    assert selectors.find(SYSTEM, job).state == JobState.CANCELLED
