from collections.abc import Iterator
from datetime import timedelta

import pytest

from muniment.core.clock import frozen, now
from muniment.core.registries import Schedule, schedules
from muniment.jobs import queue
from muniment.jobs.models import Job
from muniment.jobs.schedules import enqueue_due

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def hourly(noop: str) -> Iterator[str]:
    schedules.register("test:hourly", Schedule(noop, timedelta(hours=1)))
    yield noop
    del schedules._entries["test:hourly"]


def test_a_schedule_comes_round_and_never_piles_up(hourly: str) -> None:
    start = now()
    counts = []
    for minutes in (0, 30, 59, 60, 300, 301):
        with frozen(start + timedelta(minutes=minutes)):
            enqueue_due()
            enqueue_due()
            counts.append(Job.objects.filter(kind=hourly).count())
    assert counts == [1] * 6  # the first still waits


def test_time_missed_is_missed_once(hourly: str) -> None:
    start = now()
    runs = []
    for minutes in (0, 59, 60, 600, 601, 659, 660):
        with frozen(start + timedelta(minutes=minutes)):
            enqueue_due()
            job = Job.objects.filter(kind=hourly, state="waiting").first()
            if job:
                runs.append(minutes)
                claimed = queue.claim(queue.enlist())
                while claimed:
                    queue.complete(claimed)
                    claimed = queue.claim(queue.enlist())
    assert runs == [0, 60, 600, 660]


def test_finished_jobs_are_forgotten_in_time(noop: str) -> None:
    moment = now()
    for state, days in (("done", 2), ("done", 0), ("failed", 2), ("failed", 31), ("waiting", 40)):
        Job.objects.create(
            kind=noop, payload={}, asked_by="t", state=state, key=f"{state}{days}",
            finished_at=None if state == "waiting" else moment - timedelta(days=days),
        )  # fmt: skip
    queue.forget_finished()
    assert sorted(Job.objects.values_list("key", flat=True)) == ["done0", "failed2", "waiting40"]
