"""Background work of this room."""

from muniment.accounts.email_change import Letter, send_letter
from muniment.accounts.links import send_link
from muniment.accounts.types import LinkPurpose
from muniment.core.registries import RunningJob


def run_send_link(job: RunningJob) -> None:
    """A run that is repeated sends another link, which voids the first."""
    send_link(user=int(job.payload["user"]), purpose=LinkPurpose(job.payload["purpose"]))


def run_send_email_change(job: RunningJob) -> None:
    """The same: of two links the later one works."""
    send_letter(change=int(job.payload["change"]), letter=Letter(job.payload["letter"]))
