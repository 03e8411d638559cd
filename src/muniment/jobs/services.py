"""What other rooms do with jobs."""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.db import transaction

from muniment.core.actors import Actor
from muniment.core.clock import now
from muniment.core.registries import job_handlers
from muniment.jobs import queue, selectors
from muniment.jobs.models import Job
from muniment.jobs.types import JobState
from muniment.jobs.worker import JobWorker


def enqueue(
    *, actor: Actor, kind: str, payload: Mapping[str, str], key: str = "", run_at: datetime | None = None
) -> str:
    """Puts a job into the queue within the caller's transaction and returns its id.

    With a `key`, one job of this kind and key waits at most: enqueuing again gives the one that waits (its payload
    stands; an earlier `run_at` counts). While one runs, a further one waits until that has ended.
    The caller has checked its own policy and records its own event; `payload` holds ids, never content.
    """
    job_handlers.get(kind)
    if not all(isinstance(value, str) for value in payload.values()):
        raise TypeError("a payload holds strings")
    moment = run_at or now()
    fields = {"payload": dict(payload), "asked_by": actor.ref, "team": actor.team, "run_at": moment}
    with transaction.atomic():
        if not key:
            return Job.objects.create(kind=kind, **fields).pk
        same = Job.objects.filter(kind=kind, key=key, state=JobState.WAITING)
        job = same.first()
        if job is None:
            job, _ = Job.objects.get_or_create(kind=kind, key=key, state=JobState.WAITING, attempt=0, defaults=fields)
        same.filter(pk=job.pk, run_at__gt=moment).update(run_at=moment)
        return job.pk


def cancel(*, actor: Actor, job: str) -> bool:
    """Takes the job out of the queue; one that runs is told at its next heartbeat. False when it had ended before."""
    return queue.end(selectors.row(actor, job), JobState.CANCELLED)


def run_worker(*, parent: int | None = None) -> None:
    """Runs jobs, schedules and tickers until SIGTERM or SIGINT, or until `parent` is not our parent any more."""
    JobWorker().run(parent=parent)


def run_until(finished: Callable[[], bool]) -> None:
    """Runs due jobs in this thread under their leases until `finished` says so: for commands without a worker."""
    JobWorker().run_until(finished)


def run_due() -> int:
    """Runs every job that is due, in this thread; returns how many were run."""
    return JobWorker().run_due()
