from collections.abc import Callable, Iterator

import pytest

from muniment.core.registries import JobHandler, RunningJob, job_handlers


@pytest.fixture
def handle() -> Iterator[Callable[[str, JobHandler], None]]:
    """Registers a handler for the time of one test."""
    kinds: list[str] = []

    def register(kind: str, handler: JobHandler) -> None:
        job_handlers.register(kind, handler)
        kinds.append(kind)

    yield register
    for kind in kinds:
        del job_handlers._entries[kind]


@pytest.fixture
def noop(handle: Callable[[str, JobHandler], None]) -> str:
    def nothing(job: RunningJob) -> None:
        """Done at once."""

    handle("test:noop", nothing)
    return "test:noop"
