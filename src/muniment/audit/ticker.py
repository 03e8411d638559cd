"""The sequencer's turn, about once a second in every worker; the lease decides in which one it works."""

from muniment.audit.sequencer import run_once
from muniment.core.clock import now


def bring_in() -> None:
    """Brings the waiting events into the log."""
    run_once(now=now())
