from django.db import models

from muniment.core.clock import now
from muniment.core.ids import new_id
from muniment.jobs.types import JobState


class Worker(models.Model):
    """A process that runs jobs. `machine`, `pid` and `started` tell whether it still lives: jobs/process.py."""

    id = models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)
    machine = models.CharField(max_length=100)
    pid = models.IntegerField()
    started = models.BigIntegerField()
    beat_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return self.id


class Job(models.Model):
    """`attempt` counts claims and is the fencing token: whoever holds an older one can neither prolong nor complete.

    `failures` counts attempts that ended in an error; `lost` counts claims in a row that ended in the death of the
    worker. `payload` and `progress` hold ids and counts, never content.
    """

    id = models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)
    kind = models.CharField(max_length=100)
    payload = models.JSONField()
    key = models.CharField(max_length=200, blank=True)
    asked_by = models.CharField(max_length=26)
    team = models.CharField(max_length=26, null=True)  # noqa: DJ001 - as in Actor: None is "in no team"
    state = models.CharField(max_length=10, default=JobState.WAITING, choices=[(s.value, s.value) for s in JobState])
    attempt = models.PositiveIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    lost = models.PositiveIntegerField(default=0)
    worker = models.ForeignKey(Worker, null=True, on_delete=models.SET_NULL, related_name="jobs")
    lease_until = models.DateTimeField(null=True)
    progress = models.JSONField(default=dict)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(default=now, editable=False)
    run_at = models.DateTimeField(default=now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "lost", "run_at"], name="jobs_job_due"),
            models.Index(fields=["kind", "key", "state"], name="jobs_job_key"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key"],
                condition=models.Q(state="waiting", attempt=0) & ~models.Q(key=""),
                name="jobs_job_waits_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}/{self.id}"


class ScheduleState(models.Model):
    """When a registered schedule is due next."""

    name = models.CharField(primary_key=True, max_length=100)
    due_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
