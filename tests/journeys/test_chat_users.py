"""A pupil asks the school's handbook: an owner opens it to a connection, the pupil signs in at the provider, asks,
opens the cited place, deletes the conversation, and signs out. Each page of theirs in light, dark and on a narrow
phone.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.installed import copied
from tests.journeys import steps
from tests.journeys.provider_page import provider_page, write_metadata
from tests.journeys.server import Server, running
from tests.long.command_line import Installation
from tests.look.preview import LOOKS, findings

pytestmark = pytest.mark.browser
LETTER = "# Parking\n\nParking costs two euros a day, writes Hildegard Wurmbrand.\n"
QUESTION = "What does parking cost a day?"
NARROW = {"width": 360, "height": 780}


class Consenting(Server):
    """On which the slot is filled that is empty in this version."""

    @staticmethod
    def command(*arguments: str) -> list[str]:
        python, flag, _module, *given = Server.command(*arguments)
        return [python, flag, "tests.journeys.with_consent", *given]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, started_before: Installation) -> Iterator[Server]:
    with running(copied(started_before, tmp_path_factory.mktemp("served")), Consenting) as ready:
        yield ready


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    with provider_page() as address:
        yield address


def look_at(page: Any, name: str) -> None:
    steps.keep(page, name)
    assert findings(page) == [], name
    assert steps.wide(page) <= 0, name


def opened(owner: Callable[..., Any], server: Server, provider: str, folder: Path) -> str:
    """The address that the owner gives out."""
    expect.set_options(timeout=steps.WAIT)
    write_metadata(folder / "idp.xml", provider)
    server.run("sso", "import-metadata", str(folder / "idp.xml"), "--name", "Acme", "--on", "--json")
    page = owner()
    steps.new_agent(page, "Handbook")
    (folder / "handbook.md").write_text(LETTER)
    steps.upload(page, folder / "handbook.md")
    expect(page.get_by_role("row", name="handbook.md")).to_contain_text("Live")
    page.get_by_role("link", name="Share").click()
    page.get_by_label("Groups", exact=True).fill("staff")
    page.get_by_role("button", name="Prepare a draft").click()
    look_at(page, "chat-users-draft")
    given = page.locator("#chat-address").inner_text()
    assert page.request.get(given).status == 404
    page.get_by_label("Live: they come in").check()
    page.get_by_role("button", name="Save for Acme").click()
    expect(page.locator("[aria-label=Acme]")).to_contain_text("Live")
    for look in LOOKS:
        other = owner(look, **({"viewport": NARROW} if look == "phone" else {}))
        other.goto(page.url)
        look_at(other, f"chat-users-share-{look}")
    return str(given)


@pytest.fixture(scope="module")
def address(owner: Callable[..., Any], server: Server, provider: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    return opened(owner, server, provider, tmp_path_factory.mktemp("handbook"))


@pytest.mark.parametrize("look", LOOKS)
def test_somebody_who_is_no_member_asks(address: str, window: Callable[..., Any], look: str) -> None:
    page = window(look, **({"viewport": NARROW} if look == "phone" else {}))
    page.goto(address)
    look_at(page, f"chat-way-in-{look}")
    page.get_by_role("button", name="Sign in with Acme").click()
    page.get_by_role("button", name="Go on as Eve").click()
    page.wait_for_url(address)
    expect(page.get_by_role("heading", name="What would you like to know?")).to_be_visible()
    look_at(page, f"chat-start-{look}")
    turn = steps.ask(page, QUESTION)
    expect(turn).to_contain_text("two euros a day")
    expect(turn).not_to_contain_text("Wurmbrand")
    look_at(page, f"chat-answer-{look}")
    turn.locator("[data-citation]").first.click()
    panel = page.locator("[data-viewer-panel]")
    expect(panel.locator("mark").first).to_contain_text("two euros a day")
    expect(panel).not_to_contain_text("Wurmbrand")
    place = panel.locator("[data-viewer-alone]").get_attribute("href")
    talk = page.url
    assert talk.startswith(f"{address}/conversations/")
    page.goto(str(place))
    look_at(page, f"chat-place-{look}")
    page.goto(talk)
    turn = page.locator("[data-turn]").last
    turn.get_by_role("button", name="Good answer").click()
    expect(turn.get_by_role("button", name="Good answer")).to_have_attribute("aria-pressed", "true")
    page.goto(f"{address}/conversations")
    look_at(page, f"chat-conversations-{look}")
    page.get_by_role("button", name=re.compile("^Delete What does")).click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("No conversations yet")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in with Acme")).to_be_visible()
    assert [one for one in page.context.cookies() if one["name"].startswith("chat-")] == []
