"""What other rooms learn about jobs. Content-free: ids, counts, times and sentences."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class JobState(StrEnum):
    WAITING = "waiting"  # also between two attempts
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        return self in {JobState.DONE, JobState.FAILED, JobState.CANCELLED}


@dataclass(frozen=True, slots=True)
class JobView:
    """`error` is a sentence for a person: of the last failed attempt, or of the failure; else empty."""

    id: str
    kind: str
    state: JobState
    attempt: int
    progress: Mapping[str, int | str]
    error: str
    created_at: datetime
    run_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class QueueState:
    """`oldest` is how long the job that is due longest has been due; zero when none is."""

    waiting: int
    running: int
    failed: int
    oldest: timedelta
