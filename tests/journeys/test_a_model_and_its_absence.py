"""An owner adds a model of the own network, tries it, gives it to an agent, asks; it is down, and quotes answer."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from muniment.core.registries import outbound_gates
from tests.installed import copied
from tests.journeys import steps
from tests.journeys.server import Server, running
from tests.llm.fake_provider import Asked, FakeProvider, Reply, failure, providing, said
from tests.long.command_line import Installation
from tests.look.preview import findings

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not list(outbound_gates), reason="no outbound gate is installed: no model is asked"),
]
Open = Callable[..., Any]
RULES = "Parking behind the east wing costs two euros per hour for visitors. The garage is free of charge for staff.\n"
QUESTION = "What does parking behind the east wing cost?"
TRUE = "Visitors pay two euros per hour for parking behind the east wing [1]."
LIE = "Parking behind the west tower costs nine euros [1]."


class Brain:
    """Answers, until it is down. It lies every time; nobody reads that."""

    def __init__(self) -> None:
        self.down = False

    def __call__(self, _asked: Asked) -> Reply:
        return failure("503 Busy", headers="Retry-After: 99\r\n") if self.down else said(f"{TRUE} {LIE}")


@pytest.fixture(scope="module")
def brain() -> Brain:
    return Brain()


@pytest.fixture(scope="module")
def model(brain: Brain) -> Iterator[FakeProvider]:
    with providing(brain) as provider:
        yield provider


@pytest.fixture(scope="module")
def server(
    tmp_path_factory: pytest.TempPathFactory, started_before: Installation, model: FakeProvider
) -> Iterator[Server]:
    """A server whose operator allowed the model."""
    folder = copied(started_before, tmp_path_factory.mktemp("served"))
    with running(folder, MUNIMENT_INTERNAL_HOSTS=model.address) as ready:
        yield ready


@pytest.fixture(scope="module")
def agent(owner: Open, tmp_path_factory: pytest.TempPathFactory) -> str:
    expect.set_options(timeout=steps.WAIT)
    file: Path = tmp_path_factory.mktemp("documents") / "house.md"
    file.write_text(RULES)
    page = owner()
    steps.new_agent(page, "House rules")
    steps.upload(page, file)
    expect(page.get_by_role("row", name="house.md")).to_contain_text("Live")
    return str(page.url.removesuffix("/knowledge"))


def ask(page: Any) -> Any:
    page.get_by_label("Your question").fill(QUESTION)
    page.keyboard.press("Enter")
    turn = page.locator("[data-turn]").last
    expect(turn.locator("[data-acts]")).to_be_visible()
    return turn


def test_the_whole_story(agent: str, owner: Open, model: FakeProvider, brain: Brain) -> None:
    page = owner()
    page.get_by_role("link", name="Server").click()
    expect(page.get_by_text("No provider yet")).to_be_visible()
    page.get_by_role("link", name="Add a provider").click()
    expect(page.get_by_text(model.address)).to_be_visible()
    steps.keep(page, "provider-new")
    assert findings(page) == []
    steps.add_provider(page, "Model in the cellar", model.base_url)
    page.get_by_role("button", name="Test Model in the cellar").click()
    expect(page.get_by_text("It has: tiny, large.")).to_be_visible()
    steps.keep(page, "provider-tested")
    assert findings(page) == []

    page.goto(f"{agent}/character")
    page.get_by_label("Who writes the answer").select_option(label="Model in the cellar (tiny)")
    page.get_by_role("button", name="Save").click()
    page.goto(agent)
    turn = ask(page)
    expect(turn.locator("[data-answer]")).to_contain_text("Visitors pay two euros per hour")
    expect(turn.locator("[data-answer]")).not_to_contain_text("west tower")
    expect(turn.locator(".source")).to_have_count(1)
    steps.keep(page, "model-answers")

    brain.down = True
    turn = ask(page)
    expect(turn.get_by_text("The provider is overloaded or has a fault")).to_be_visible()
    steps.keep(page, "provider-down")
    assert findings(page) == []
    page.reload()
    turn = page.locator("[data-turn]").last
    expect(turn.get_by_text("The model did not answer to its end.")).to_be_visible()
    turn.get_by_role("button", name="Answer with quotes instead").click()
    turn = page.locator("[data-turn]").last
    expect(turn.locator("[data-answer]")).to_contain_text("Parking behind the east wing costs two euros per hour")
    expect(page.locator("[data-turn]")).to_have_count(2)
    expect(page.get_by_role("button", name="Answer with quotes instead")).to_have_count(0)
    steps.keep(page, "quotes-instead")


@pytest.mark.parametrize("look", ["dark", "phone"])
def test_it_fits_and_works_without_javascript(agent: str, owner: Open, brain: Brain, look: str) -> None:
    brain.down = True
    narrow = {"viewport": {"width": 360, "height": 780}} if look == "phone" else {}
    page = owner(look, java_script_enabled=False, **narrow)
    page.goto(agent)
    page.get_by_label("Your question").fill(QUESTION)
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_role("button", name="Answer with quotes instead")).to_be_visible()
    steps.keep(page, f"provider-down-{look}")
    page.get_by_role("button", name="Answer with quotes instead").click()
    expect(page.locator("[data-answer]").first).to_contain_text("two euros per hour")
