"""For stories in a browser: one server and one browser for a file of tests, a window for each test."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.installed import copied
from tests.journeys import steps
from tests.journeys.server import Server, running
from tests.long.command_line import Installation
from tests.look import preview


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, started_before: Installation) -> Iterator[Server]:
    with running(copied(started_before, tmp_path_factory.mktemp("served"))) as ready:
        yield ready


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with preview.browser() as started:
        yield started


@pytest.fixture(scope="module")
def window(chromium: Any, server: Server) -> Iterator[Callable[..., Any]]:
    """Opens a window of its own, signed out, at the server; what its console complains of fails the test at the end,
    but for answers with a status in `refused`, which the story is about.
    """
    contexts: list[Any] = []
    complaints: list[str] = []

    def opened(look: str = "light", *, refused: tuple[int, ...] = (), **options: Any) -> Any:
        expected = tuple(f"status of {status}" for status in refused)
        settings = preview.LOOKS[look] | {"base_url": server.address, "reduced_motion": "reduce"} | options
        contexts.append(chromium.new_context(**settings))
        contexts[-1].set_default_timeout(steps.WAIT)
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if _is_complaint(said, expected) else None)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def _is_complaint(said: Any, expected: tuple[str, ...]) -> bool:
    return said.type == "error" and not any(words in said.text for words in expected)


@pytest.fixture(scope="module")
def owner(server: Server, window: Callable[..., Any]) -> Callable[..., Any]:
    """Opens a window in which the owner is signed in, at the first page. Claims the installation the first time."""
    page = window()
    steps.claim(page, server.setup_link())
    steps.keep(page, "claimed")
    state = page.context.storage_state()

    def opened(look: str = "light", **options: Any) -> Any:
        own = window(look, storage_state=state, **options)
        own.goto("/")
        return own

    return opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of three documents, one of them deeper down."""
    made = tmp_path / "Charters"
    (made / "later").mkdir(parents=True)
    for name, text in (
        ("runnymede.txt", "The barons met the king at Runnymede in June 1215. The charter has sixty-three clauses."),
        ("forest.md", "# Charter of the Forest\n\nIn 1217 the forests were opened to free men again."),
        ("later/confirmed.html", "<h1>Confirmed</h1><p>Edward confirmed the charters in 1297 for the tallage.</p>"),
    ):
        (made / name).write_text(text)
    return made
