"""A job belongs to one holder at a time, and the end that a former holder reports does not count."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from muniment.accounts.models import User
from muniment.core.actors import SYSTEM
from muniment.core.clock import frozen, now
from muniment.core.registries import JobHandler, RunningJob
from muniment.jobs import queue, selectors, services
from muniment.jobs.errors import JobLostError
from muniment.jobs.models import Job, Worker
from muniment.jobs.types import JobState

pytestmark = pytest.mark.django_db(transaction=True)


def claimed(worker: Worker) -> Job:
    job = queue.claim(worker)
    assert job is not None
    return job


def test_a_leased_job_is_nobody_elses(noop: str) -> None:
    services.enqueue(actor=SYSTEM, kind=noop, payload={})
    claimed(queue.enlist())
    assert queue.claim(queue.enlist()) is None


def test_who_lost_the_lease_can_do_nothing_more(noop: str) -> None:
    services.enqueue(actor=SYSTEM, kind=noop, payload={})
    former = claimed(queue.enlist())
    with frozen(now() + queue.LEASE + timedelta(seconds=1)):
        present = claimed(queue.enlist())
        assert (present.pk, present.attempt) == (former.pk, 2)
        with pytest.raises(JobLostError):
            queue.prolong(former)
        with pytest.raises(JobLostError):
            queue.complete(former, lambda: User.objects.create(email="ghost@example.org"))  # type: ignore[arg-type, return-value]
        queue.fail(former, "no")
        queue.try_later(former, "no")
        queue.release(former)
        assert selectors.find(SYSTEM, former.pk).state == JobState.RUNNING
        queue.complete(present)
    assert selectors.find(SYSTEM, former.pk).state == JobState.DONE
    assert not User.objects.exists()


def test_a_heartbeat_keeps_the_job(noop: str) -> None:
    services.enqueue(actor=SYSTEM, kind=noop, payload={})
    job = claimed(queue.enlist())
    with frozen(now() + queue.LEASE - timedelta(seconds=1)):
        queue.prolong(job, {"done": 3})
    with frozen(now() + queue.LEASE + timedelta(seconds=1)):
        assert queue.claim(queue.enlist()) is None
    assert selectors.find(SYSTEM, job.pk).progress == {"done": 3}


def test_the_job_of_a_dead_process_is_taken_over_at_once(noop: str) -> None:
    services.enqueue(actor=SYSTEM, kind=noop, payload={})
    dead = queue.enlist()
    job = claimed(dead)
    Worker.objects.filter(pk=dead.pk).update(started=dead.started - 1)  # the number now names another process
    assert not selectors.worker_alive()
    assert claimed(queue.enlist()).pk == job.pk
    assert selectors.worker_alive()


def test_nothing_is_known_of_another_machine(noop: str) -> None:
    services.enqueue(actor=SYSTEM, kind=noop, payload={})
    away = queue.enlist()
    claimed(away)
    Worker.objects.filter(pk=away.pk).update(machine="another", started=1)
    assert queue.claim(queue.enlist()) is None
    assert selectors.worker_alive()
    with frozen(now() + timedelta(seconds=31)):
        assert not selectors.worker_alive()


def test_a_job_that_kills_its_workers_comes_last(noop: str) -> None:
    killer = services.enqueue(actor=SYSTEM, kind=noop, payload={})
    claimed(queue.enlist())
    with frozen(now() + 2 * queue.LEASE):
        assert claimed(queue.enlist()).lost == 1
    services.enqueue(actor=SYSTEM, kind=noop, payload={})
    with frozen(now() + 4 * queue.LEASE):
        assert claimed(queue.enlist()).pk != killer


def test_a_job_that_kills_its_workers_is_given_up_at_last(noop: str) -> None:
    killer = services.enqueue(actor=SYSTEM, kind=noop, payload={})
    for turn in range(queue.LOSSES):
        with frozen(now() + 2 * turn * queue.LEASE):
            claimed(queue.enlist())
    with frozen(now() + 2 * queue.LOSSES * queue.LEASE):
        assert queue.claim(queue.enlist()) is None
    view = selectors.find(SYSTEM, killer)
    assert view.state == JobState.FAILED
    assert "too often" in view.error


def test_effects_happen_with_the_completion_or_not_at_all(handle: Callable[[str, JobHandler], None]) -> None:
    def create(job: RunningJob) -> None:
        job.complete_with(lambda: User.objects.create(email="once@example.org"))  # type: ignore[arg-type, return-value]

    handle("test:create", create)
    job = services.enqueue(actor=SYSTEM, kind="test:create", payload={})
    assert services.run_due() == 1
    assert User.objects.count() == 1
    assert selectors.find(SYSTEM, job).state == JobState.DONE

    def fail(job: RunningJob) -> None:
        def effects() -> None:
            User.objects.create(email="never@example.org")
            raise ZeroDivisionError

        job.complete_with(effects)

    handle("test:fail", fail)
    job = services.enqueue(actor=SYSTEM, kind="test:fail", payload={})
    services.run_due()
    assert User.objects.count() == 1
    assert selectors.find(SYSTEM, job).state == JobState.WAITING


def test_a_cancelled_job_ends_at_its_next_heartbeat(handle: Callable[[str, JobHandler], None]) -> None:
    seen = []

    def handler(job: RunningJob) -> None:
        job.heartbeat(progress={"done": 1})
        services.cancel(actor=SYSTEM, job=job.id)
        try:
            job.heartbeat()
        except JobLostError:
            seen.append("told")
            raise

    handle("test:cancelled", handler)
    job = services.enqueue(actor=SYSTEM, kind="test:cancelled", payload={})
    services.run_due()
    assert seen == ["told"]
    assert selectors.find(SYSTEM, job).state == JobState.CANCELLED
