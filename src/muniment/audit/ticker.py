"""The sequencer's turn, about once a second in every worker; the lease decides in which one it works."""

from muniment.audit.sequencer import run_once
from muniment.core.clock import now


def bring_in() -> None:
    """Brings every waiting event into the log."""
    more = True
    while more:
        run = run_once(now=now())
        more = run.more and run.appended > 0  # a source that does not forget must not keep the ticker for ever
