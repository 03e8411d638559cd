"""What becomes of a job whose handler raises, and how often it is tried."""

import logging
from collections.abc import Callable
from datetime import timedelta

import pytest

from muniment.core.actors import SYSTEM
from muniment.core.clock import frozen, now
from muniment.core.errors import PermanentError, TransientError
from muniment.core.registries import JobHandler, RunningJob
from muniment.jobs import queue, selectors, services
from muniment.jobs.types import JobState

pytestmark = pytest.mark.django_db(transaction=True)
Handle = Callable[[str, JobHandler], None]


def raising(error: Exception) -> tuple[JobHandler, list[int]]:
    attempts: list[int] = []

    def handler(job: RunningJob) -> None:
        attempts.append(job.attempt)
        raise error

    return handler, attempts


def test_a_permanent_error_ends_the_job_with_its_sentence(handle: Handle) -> None:
    handler, attempts = raising(PermanentError("The file is empty. Upload another one."))
    handle("test:permanent", handler)
    job = services.enqueue(actor=SYSTEM, kind="test:permanent", payload={})
    services.run_due()
    with frozen(now() + timedelta(days=1)):
        services.run_due()
    view = selectors.find(SYSTEM, job)
    assert (view.state, view.error) == (JobState.FAILED, "The file is empty. Upload another one.")
    assert attempts == [1]


@pytest.mark.parametrize("error", [TransientError("The disk is full."), ValueError("alice@example.org")])
def test_other_errors_are_tried_again_later_and_at_last_given_up(handle: Handle, error: Exception) -> None:
    handler, attempts = raising(error)
    handle("test:transient", handler)
    job = services.enqueue(actor=SYSTEM, kind="test:transient", payload={})
    moment = now()
    waits = []
    for _ in range(queue.ATTEMPTS):
        with frozen(moment):
            assert services.run_due() == 1
            assert services.run_due() == 0
            view = selectors.find(SYSTEM, job)
        waits.append((view.run_at - moment).total_seconds())
        moment = max(view.run_at, moment)
    assert attempts == list(range(1, queue.ATTEMPTS + 1))
    assert view.state == JobState.FAILED
    assert "alice" not in view.error
    assert all(2.0 * 2**n * 0.5 <= wait <= min(2.0 * 2**n, 600) for n, wait in enumerate(waits[:-1]))


def test_values_stay_out_of_the_log(handle: Handle, caplog: pytest.LogCaptureFixture) -> None:
    handler, _ = raising(ValueError("alice@example.org"))
    handle("test:broken", handler)
    services.enqueue(actor=SYSTEM, kind="test:broken", payload={})
    with caplog.at_level(logging.INFO, logger="muniment"):
        services.run_due()
    assert "ValueError" in caplog.text
    assert "test_attempts.py" in caplog.text
    assert "alice" not in caplog.text


def test_a_failing_job_holds_up_no_neighbour(handle: Handle, noop: str) -> None:
    handler, _ = raising(TransientError("Not now."))
    handle("test:transient", handler)
    services.enqueue(actor=SYSTEM, kind="test:transient", payload={})
    good = services.enqueue(actor=SYSTEM, kind=noop, payload={})
    assert services.run_due() == 2
    assert selectors.find(SYSTEM, good).state == JobState.DONE
