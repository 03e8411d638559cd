"""The sequencer's turn, about once a second in every worker; the lease decides in which one it works."""

import time

from muniment.audit import sequencer
from muniment.core.clock import now

PAUSE = 0.1  # seconds: who waits for the lock looks again after that time at the latest (`sqlite3_busy_timeout`)
STEPS = 10  # of one turn: then other tickers have theirs


def bring_in() -> None:
    """Brings the waiting events into the log, and lets others write between two steps. Fewer than a step wait for the
    next turn.
    """
    for _ in range(STEPS):
        if sequencer.run_once(now=now()).left < sequencer.STEP:
            return
        time.sleep(PAUSE)
