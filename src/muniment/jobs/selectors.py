"""What is known of jobs. A person sees the jobs asked for in their team; operator and system see all."""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Count, Min, Q, QuerySet

from muniment.core.actors import Actor, ActorKind
from muniment.core.clock import now
from muniment.core.errors import NotFoundError
from muniment.jobs import queue
from muniment.jobs.models import Job, Worker
from muniment.jobs.types import JobState, JobView, QueueState

_ALIVE = timedelta(seconds=20)  # four beats


def find(actor: Actor, job: str) -> JobView:
    return _view(row(actor, job))


def progress(actor: Actor, jobs: Iterable[str]) -> dict[str, JobView]:
    """The jobs of these ids that there are, by id."""
    return {job.pk: _view(job) for job in _visible(actor).filter(pk__in=list(jobs))}


def running(actor: Actor, *, kind: str, key: str) -> JobView | None:
    """The job of this kind and key that is under way now: there is one at most."""
    job = _visible(actor).filter(kind=kind, key=key, state=JobState.RUNNING).first()
    return None if job is None else _view(job)


def queue_state(actor: Actor) -> QueueState:
    moment = now()
    row = _visible(actor).aggregate(
        waiting=Count("pk", filter=Q(state=JobState.WAITING)),
        running=Count("pk", filter=Q(state=JobState.RUNNING)),
        failed=Count("pk", filter=Q(state=JobState.FAILED)),
        oldest=Min("run_at", filter=Q(state=JobState.WAITING, run_at__lte=moment)),
    )
    oldest = moment - row["oldest"] if row["oldest"] else timedelta(0)
    return QueueState(row["waiting"], row["running"], row["failed"], oldest)


def worker_alive() -> bool:
    """Whether some worker has shown itself in the last 20 seconds and is not known to have died since."""
    seen = Worker.objects.filter(beat_at__gt=now() - _ALIVE)
    return any(not queue.is_known_dead(worker) for worker in seen)


def row(actor: Actor, job: str) -> Job:
    """For this room: the row itself, or NotFoundError."""
    found = _visible(actor).filter(pk=job).first()
    if found is None:
        raise NotFoundError("There is no such job.")
    return found


def _visible(actor: Actor) -> QuerySet[Job]:
    if not actor.is_bound:
        return Job.objects.all()
    if actor.kind is ActorKind.OUTSIDER:
        return Job.objects.none()
    # A person without a team would otherwise match the jobs of no team, which are the system's.
    return Job.objects.filter(team=actor.team, team__isnull=False)


def _view(job: Job) -> JobView:
    return JobView(
        id=job.pk,
        kind=job.kind,
        state=JobState(job.state),
        attempt=job.attempt,
        progress=job.progress,
        error=job.error,
        created_at=job.created_at,
        run_at=job.run_at,
        finished_at=job.finished_at,
    )
