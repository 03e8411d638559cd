"""Claiming, prolonging, ending: every step is one conditional UPDATE, refused to whoever lost the job.

Invariants: a job is run by at most one holder whose completion counts (fencing by `attempt`); jobs of one kind and
key never run at the same time; no step other than completion, failure or cancellation takes a job out of the queue.
"""

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from muniment.core.clock import now
from muniment.jobs.errors import JobLostError
from muniment.jobs.models import Job, Worker
from muniment.jobs.process import Process
from muniment.jobs.types import JobState

LEASE = timedelta(seconds=30)
ATTEMPTS = 10  # that end in an error
LOSSES = 30  # claims in a row, without progress, that ended in the worker's death: the job itself kills workers
_FIRST_DELAY = 2.0  # seconds, doubled each time: the tenth attempt comes about 17 minutes after the first
_LONGEST_DELAY = 600.0


def enlist() -> Worker:
    """Makes this process known as a worker and forgets those long gone."""
    Worker.objects.filter(beat_at__lt=now() - timedelta(days=1), jobs=None).delete()
    process = Process.of_this()
    return Worker.objects.create(machine=process.machine, pid=process.pid, started=process.started)


def beat(worker: Worker) -> None:
    """Says that this worker lives. One that was forgotten while its machine slept is known again."""
    worker.beat_at = now()
    worker.save()


def is_known_dead(worker: Worker) -> bool:
    return Process(worker.machine, worker.pid, worker.started).is_known_dead()


def claim(worker: Worker) -> Job | None:
    """The next job that is due or was abandoned, now leased to `worker`; None when there is none."""
    if not _claimable(now()).exists():  # a look without the write lock: idle workers disturb nobody
        return None
    with transaction.atomic():
        moment = now()
        for job in _claimable(moment)[:10]:
            abandoned = job.state == JobState.RUNNING
            if abandoned and job.lost + 1 >= LOSSES:
                _end(_held(job), JobState.FAILED, "The work was stopped from outside too often. Start it again.")
                continue
            claimed = _held(job).update(
                state=JobState.RUNNING,
                attempt=job.attempt + 1,
                lost=job.lost + abandoned,
                worker=worker,
                lease_until=moment + LEASE,
            )
            if claimed:
                return Job.objects.get(pk=job.pk)
    return None


def prolong(job: Job, progress: Mapping[str, int | str] | None = None) -> None:
    """Renews the lease from now; progress shows that the job gets on, so losses are counted anew."""
    shown = {} if progress is None else {"progress": dict(progress), "lost": 0}
    if not _held(job).update(lease_until=now() + LEASE, **shown):
        raise JobLostError("This job was cancelled or taken over by another worker.")


def complete(job: Job, effects: Callable[[], None] | None = None) -> None:
    """Marks the job done, `effects` in the same transaction. Refused to whoever does not hold it any more."""
    with transaction.atomic():
        if not _end(_held(job), JobState.DONE, ""):
            raise JobLostError("This job was cancelled or taken over by another worker.")
        if effects:
            effects()


def fail(job: Job, sentence: str) -> None:
    _end(_held(job), JobState.FAILED, sentence)


def try_later(job: Job, sentence: str) -> None:
    """After an error that may pass: back to the queue, later each time, until the attempts are used up."""
    if job.failures + 1 >= ATTEMPTS:
        fail(job, sentence)
    else:
        delay = timedelta(seconds=_delay(job.failures))
        changes = {"failures": job.failures + 1, "lost": 0, "error": sentence, "run_at": now() + delay}
        _held(job).update(state=JobState.WAITING, worker=None, lease_until=None, **changes)


def release(job: Job) -> None:
    """Back to the queue at once, nothing counted: the worker is being stopped."""
    _held(job).update(state=JobState.WAITING, worker=None, lease_until=None)


def others_wait(job: Job) -> bool:
    """Whether any other is due that brought no worker down: those come last, and nobody ends a turn for them."""
    return _claimable(now()).filter(lost=0).exclude(pk=job.pk).exists()


def come_again(job: Job) -> None:
    """Behind those that are due, as after a success. What waits under its key shares its turns: it goes behind too."""
    with transaction.atomic():
        moment = now()
        fresh = {"failures": 0, "lost": 0, "error": "", "run_at": moment}
        if not _held(job).update(state=JobState.WAITING, worker=None, lease_until=None, **fresh):
            raise JobLostError("This job was cancelled or taken over by another worker.")
        same = Job.objects.filter(kind=job.kind, key=job.key, state=JobState.WAITING).exclude(key="")
        same.filter(run_at__lt=moment).update(run_at=moment)


def end(job: Job, state: JobState) -> bool:
    """Takes a job out of the queue whoever holds it; False when it had ended before."""
    alive = Job.objects.filter(pk=job.pk, state__in=[JobState.WAITING, JobState.RUNNING])
    return bool(_end(alive, state, ""))


def _held(job: Job) -> QuerySet[Job]:
    """The row as this holder knows it: empty as soon as anybody else has moved it on."""
    return Job.objects.filter(pk=job.pk, state=job.state, attempt=job.attempt)


def _end(rows: QuerySet[Job], state: JobState, error: str) -> int:
    return rows.update(state=state, error=error, worker=None, lease_until=None, finished_at=now())


def _claimable(moment: datetime) -> QuerySet[Job]:
    """Those that brought a worker down come last: they must not hold up their neighbours."""
    holders = Worker.objects.filter(jobs__state=JobState.RUNNING).distinct()
    dead = [worker.pk for worker in holders if is_known_dead(worker)]
    running = Job.objects.filter(state=JobState.RUNNING, kind=OuterRef("kind"), key=OuterRef("key"))
    due = Q(state=JobState.WAITING, run_at__lte=moment) & (Q(key="") | ~Exists(running))
    abandoned = Q(state=JobState.RUNNING) & (Q(lease_until__lt=moment) | Q(worker__in=dead) | Q(worker=None))
    return Job.objects.filter(due | abandoned).order_by("lost", "run_at", "created_at")


def _delay(failures: int) -> float:
    """Seconds: exponential with a cap, and a random half so that jobs that failed together come back apart."""
    full = min(_FIRST_DELAY * 2.0**failures, _LONGEST_DELAY)
    return full * (0.5 + secrets.randbelow(1000) / 2000)


def forget_finished() -> None:
    """Removes what nobody asks about any more: done after a day, failed after thirty."""
    moment = now()
    Job.objects.filter(
        Q(state__in=[JobState.DONE, JobState.CANCELLED], finished_at__lt=moment - timedelta(days=1))
        | Q(state=JobState.FAILED, finished_at__lt=moment - timedelta(days=30))
    ).delete()
