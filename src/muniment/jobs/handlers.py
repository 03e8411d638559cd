"""The jobs of this room itself."""

from muniment.core.registries import RunningJob
from muniment.jobs import queue


def forget_finished(job: RunningJob) -> None:
    job.complete_with(queue.forget_finished)
