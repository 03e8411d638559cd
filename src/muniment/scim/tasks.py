"""Background work of this room."""

from muniment.core.registries import RunningJob
from muniment.scim.services import forget_old_entries

FORGET = "scim:forget_old_entries"


def run_forget(job: RunningJob) -> None:  # noqa: ARG001 - a job's handler
    forget_old_entries()
