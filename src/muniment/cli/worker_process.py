"""The worker that `serve` runs beside itself."""

import os

from muniment.core.child_process import ChildProcess


def worker_process() -> ChildProcess:
    """`muniment worker`, ended with this process: by itself within seconds, else killed (its job stays queued)."""
    return ChildProcess("worker", "muniment", ["worker", "--parent", str(os.getpid())])
