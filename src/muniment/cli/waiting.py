"""Waiting until documents are read, with a worker of our own where none runs."""

import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from muniment.cli.worker_process import WorkerProcess
from muniment.core.actors import Actor
from muniment.ingest.selectors import documents
from muniment.jobs.selectors import worker_alive

if TYPE_CHECKING:
    from muniment.agents.models import Agent

_POLL = 0.5


def wait_for_documents(actor: Actor, agent: "Agent", wanted: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Returns when none of the documents is queued any more: their states and errors, by id.

    A document that was replaced or deleted meanwhile is missing from the result.
    """
    identifiers = set(wanted)
    with _a_worker(), _progress(len(identifiers)) as bar:
        while True:
            states = {one.id: (one.state.value, one.error) for one in documents(actor, agent) if one.id in identifiers}
            waiting = sum(state == "queued" for state, _ in states.values())
            bar.update(len(identifiers) - waiting - bar.pos)
            if not waiting:
                return states
            time.sleep(_POLL)


@contextmanager
def _a_worker() -> Iterator[None]:
    """The worker that lives, or one of our own for as long as we wait. Two at once would not hurt: jobs are leased."""
    if worker_alive():
        yield
        return
    worker = WorkerProcess()
    worker.start()
    try:
        yield
    finally:
        worker.stop()


@contextmanager
def _progress(length: int) -> Iterator["click._termui_impl.ProgressBar[int]"]:
    """A bar where a person looks; nothing on a pipe."""
    with click.progressbar(length=length, label="Reading", file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        yield bar
