from datetime import timedelta

import pytest
from django.db import transaction

from muniment.core.actors import SYSTEM, Actor, ActorKind
from muniment.core.clock import now
from muniment.core.errors import NotFoundError
from muniment.core.registries import RegistryError
from muniment.jobs import queue, selectors, services
from muniment.jobs.types import JobState

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_job_waits_then_is_done(noop: str) -> None:
    job = services.enqueue(actor=SYSTEM, kind=noop, payload={})
    assert selectors.find(SYSTEM, job).state == JobState.WAITING
    assert services.run_due() == 1
    assert selectors.find(SYSTEM, job).state == JobState.DONE
    assert services.run_due() == 0


def test_one_job_waits_for_a_key_and_a_further_one_while_it_runs(noop: str) -> None:
    first = services.enqueue(actor=SYSTEM, kind=noop, payload={}, key="k")
    assert services.enqueue(actor=SYSTEM, kind=noop, payload={}, key="k") == first
    assert services.enqueue(actor=SYSTEM, kind=noop, payload={}, key="other") != first
    running = queue.claim(queue.enlist())
    assert running is not None
    assert running.pk == first
    further = services.enqueue(actor=SYSTEM, kind=noop, payload={}, key="k")
    assert further != first
    assert services.enqueue(actor=SYSTEM, kind=noop, payload={}, key="k") == further


def test_jobs_of_one_key_never_run_together(noop: str) -> None:
    worker = queue.enlist()
    services.enqueue(actor=SYSTEM, kind=noop, payload={}, key="k")
    first = queue.claim(worker)
    assert first is not None
    further = services.enqueue(actor=SYSTEM, kind=noop, payload={}, key="k")
    assert queue.claim(worker) is None
    queue.complete(first)
    second = queue.claim(worker)
    assert second is not None
    assert second.pk == further


def test_an_earlier_time_counts(noop: str) -> None:
    later = now() + timedelta(hours=1)
    job = services.enqueue(actor=SYSTEM, kind=noop, payload={}, key="k", run_at=later)
    assert services.run_due() == 0
    services.enqueue(actor=SYSTEM, kind=noop, payload={}, key="k")
    assert services.run_due() == 1
    assert selectors.find(SYSTEM, job).state == JobState.DONE


def test_a_job_goes_with_its_transaction(noop: str) -> None:
    with transaction.atomic():
        services.enqueue(actor=SYSTEM, kind=noop, payload={})
        transaction.set_rollback(True)
    assert services.run_due() == 0


def test_an_unknown_kind_is_refused_at_once() -> None:
    with pytest.raises(RegistryError, match="no job handler named test:nobody"):
        services.enqueue(actor=SYSTEM, kind="test:nobody", payload={})


def test_only_strings_go_into_a_payload(noop: str) -> None:
    with pytest.raises(TypeError):
        services.enqueue(actor=SYSTEM, kind=noop, payload={"n": 1})  # type: ignore[dict-item]


def test_a_job_of_another_team_is_not_found(noop: str) -> None:
    alice = Actor(ActorKind.PERSON, "alice", 1, "team-a")
    mallory = Actor(ActorKind.PERSON, "mallory", 2, "team-b")
    homeless = Actor(ActorKind.PERSON, "nobody", 3, None)
    job = services.enqueue(actor=alice, kind=noop, payload={})
    system_job = services.enqueue(actor=SYSTEM, kind=noop, payload={})
    assert selectors.find(alice, job).id == job
    assert selectors.progress(alice, [job, system_job]).keys() == {job}
    assert selectors.progress(homeless, [job, system_job]) == {}
    for refused in (mallory, homeless):
        with pytest.raises(NotFoundError):
            selectors.find(refused, job)
        with pytest.raises(NotFoundError):
            services.cancel(actor=refused, job=job)
    assert services.cancel(actor=alice, job=job)
    assert not services.cancel(actor=alice, job=job)
    assert selectors.find(alice, job).state == JobState.CANCELLED


def test_the_queue_shows_its_depth_and_age(noop: str) -> None:
    assert selectors.queue_state(SYSTEM).oldest == timedelta(0)
    services.enqueue(actor=SYSTEM, kind=noop, payload={}, run_at=now() - timedelta(minutes=5))
    services.enqueue(actor=SYSTEM, kind=noop, payload={}, run_at=now() + timedelta(minutes=5))
    state = selectors.queue_state(SYSTEM)
    assert (state.waiting, state.running, state.failed) == (2, 0, 0)
    assert timedelta(minutes=5) <= state.oldest < timedelta(minutes=6)
