"""Waiting until documents are read, with a worker of our own where none runs."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from muniment.cli.progress import progress
from muniment.cli.worker_process import worker_process
from muniment.core.actors import Actor
from muniment.core.child_process import ChildProcess
from muniment.ingest.selectors import queued, some_documents
from muniment.jobs.selectors import worker_alive

if TYPE_CHECKING:
    from muniment.agents.models import Agent

_POLL = 0.5


def wait_for_documents(actor: Actor, agent: "Agent", wanted: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Returns when none of the documents is queued any more: their states and errors, by id.

    A document that was replaced or deleted meanwhile is missing from the result.
    """
    identifiers = set(wanted)
    with _a_worker() as keep_working, progress("Reading") as at:
        while waiting := queued(actor, agent, identifiers):
            at(len(identifiers) - waiting, len(identifiers))
            keep_working()
            time.sleep(_POLL)
        at(len(identifiers), len(identifiers))
    return {one.id: (one.state.value, one.error) for one in some_documents(actor, agent, identifiers)}


@contextmanager
def _a_worker() -> Iterator[Callable[[], None]]:
    """Gives what to call now and then: it starts a worker of our own when none lives (any more).

    Two at once would not hurt: jobs are leased.
    """
    own: list[ChildProcess] = []

    def keep_working() -> None:
        if not own and not worker_alive():
            own.append(worker_process())
            own[0].start()

    try:
        yield keep_working
    finally:
        for worker in own:
            worker.stop()
