"""One attempt at one job: what its handler holds, and how its end is written down."""

import logging
import threading
import traceback
from collections.abc import Callable, Mapping

from muniment.core.errors import PermanentError, TransientError
from muniment.core.registries import job_handlers
from muniment.jobs import queue
from muniment.jobs.errors import JobLostError
from muniment.jobs.models import Job

_log = logging.getLogger(__name__)


class Attempt:
    """A `core.registries.RunningJob`. `stopping` is set when the worker is to end soon."""

    def __init__(self, job: Job, stopping: threading.Event) -> None:
        self._job = job
        self._stopping = stopping
        self._ended = False
        self._lost = False

    @property
    def id(self) -> str:
        return self._job.pk

    @property
    def asked_by(self) -> str:
        return self._job.asked_by

    @property
    def team(self) -> str | None:
        return self._job.team

    @property
    def payload(self) -> Mapping[str, str]:
        return self._job.payload  # type: ignore[no-any-return]  # a JSON field; enqueue let only strings in

    @property
    def attempt(self) -> int:
        return self._job.attempt

    def heartbeat(self, *, progress: Mapping[str, int | str] | None = None) -> None:
        if self._lost or self._stopping.is_set():
            raise JobLostError("This job was cancelled, taken over, or its worker is being stopped.")
        queue.prolong(self._job, progress)

    def complete_with(self, effects: Callable[[], None]) -> None:
        queue.complete(self._job, effects)
        self._ended = True

    @property
    def others_wait(self) -> bool:
        return queue.others_wait(self._job)

    def come_again(self) -> None:
        queue.come_again(self._job)
        self._ended = True

    def keep(self) -> None:
        """From the keeper's thread: prolong the lease while the handler is busy; the handler learns of a loss."""
        try:
            queue.prolong(self._job)
        except JobLostError:
            self._lost = True

    def give_back(self) -> None:
        """The job can be claimed again at once; whatever the handler still does for it will not count."""
        queue.release(self._job)

    def run(self) -> None:
        """Runs the handler and writes down how it ended."""
        try:
            job_handlers.get(self._job.kind)(self)
            if not self._ended:
                queue.complete(self._job)
        except JobLostError:
            self.give_back()  # touches nothing when the job is somebody else's by now
        except PermanentError as error:
            self._note(error)
            queue.fail(self._job, str(error))
        except TransientError as error:
            self._note(error)
            queue.try_later(self._job, str(error))
        except Exception as error:  # noqa: BLE001 - a fault in one job must not stop the others; it is logged and counted
            self._note(error)
            queue.try_later(self._job, f"Something unexpected went wrong ({type(error).__name__}).")

    def _note(self, error: Exception) -> None:
        """Class and places only: the values in an exception's message may be somebody's data."""
        places = [
            f"{place.filename}:{place.lineno} {place.name}" for place in traceback.extract_tb(error.__traceback__)
        ]
        expected = isinstance(error, (PermanentError, TransientError))
        _log.log(
            logging.INFO if expected else logging.ERROR,
            "job %s of kind %s, attempt %d: %s at %s",
            self._job.pk,
            self._job.kind,
            self._job.attempt,
            type(error).__name__,
            places[-1] if expected else " < ".join(reversed(places)),
        )
