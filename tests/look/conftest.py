from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.look import preview
from tests.look.stage import Stage, staged


@pytest.fixture(autouse=True)
def gallery(settings: Any) -> None:
    """The gallery of elements stands beside the product's templates."""
    engine = settings.TEMPLATES[0]
    folders = [*engine["DIRS"], preview.ROOT / "tests/look/templates"]
    settings.TEMPLATES = [engine | {"DIRS": folders}]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with preview.browser() as running:
        yield running


@pytest.fixture
def stage() -> Iterator[Stage]:
    with staged() as ready:
        yield ready


@pytest.fixture
def open_page(chromium: Any) -> Iterator[Callable[..., Any]]:
    """Opens an address in a window of its own and watches its console: a complaint fails the test at its end."""
    contexts: list[Any] = []
    complaints: list[str] = []

    def opened(address: str, look: str = "light", **options: Any) -> Any:
        context = chromium.new_context(**(preview.LOOKS[look] | {"reduced_motion": "reduce"} | options))
        contexts.append(context)
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
        page.goto(address)
        page.wait_for_load_state("load")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []
