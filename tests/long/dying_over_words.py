"""A worker that is killed over a document: `main("before")` its silo commits, or `main("after")` it, uncounted."""

import os
import signal
from collections.abc import Callable
from typing import Any

from muniment.ingest import pipeline
from muniment.jobs.services import run_due


def main(moment: str) -> None:
    def die(*_: Any, **__: Any) -> Any:
        os.kill(os.getpid(), signal.SIGKILL)

    reserve: Callable[..., Any] = pipeline.take_room

    def reserve_and_die(*given: Any, **named: Any) -> Any:
        reserve(*given, **named)
        die()

    if moment == "before":
        pipeline.take_room = reserve_and_die
    else:
        pipeline.put_down = die
    run_due()
