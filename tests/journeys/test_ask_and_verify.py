"""The main story in a browser: ask, follow a citation into the document, follow up, be refused, change, rate, find,
delete. A server of its own, real documents of two formats.
"""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.chat.pdf import pdf
from tests.journeys import steps
from tests.look.preview import findings

pytestmark = pytest.mark.browser
Open = Callable[..., Any]

HOUSE = """# Visiting

Visitors are welcome on all wards from two in the afternoon to seven in the evening.

# Parking

Parking behind the east wing costs two euros per hour for visitors. Parking in the garage is free of charge for staff.
"""
BREACH = "The controller notifies a personal data breach to the supervisory authority within 72 hours."
LAW = [
    ["Scope.", "This regulation applies to the processing of personal data in the house."],
    ["Notification.", BREACH, "The processor notifies a personal data breach to the controller without delay."],
]
QUESTION = "Within how many hours does the controller notify a personal data breach to the supervisory authority?"


@pytest.fixture(scope="module")
def agent(owner: Open, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of an agent with one PDF and one Markdown file."""
    expect.set_options(timeout=steps.WAIT)
    folder = tmp_path_factory.mktemp("documents")
    (folder / "law.pdf").write_bytes(pdf(LAW))
    (folder / "house.md").write_text(HOUSE)
    page = owner()
    steps.new_agent(page, "House rules")
    address = page.url.removesuffix("/knowledge")
    page.goto(address)
    expect(page.get_by_role("heading", name="This agent has no documents yet")).to_be_visible()
    assert findings(page) == []
    page.goto(f"{address}/knowledge")
    steps.upload(page, *sorted(folder.iterdir()))
    expect(page.get_by_text("2 of 2 files received")).to_be_visible()
    for name in ("law.pdf", "house.md"):
        expect(page.get_by_role("row", name=name)).to_contain_text("Live")
    return str(address)


def ask(page: Any, question: str) -> Any:
    before = page.locator("[data-turn]").count()
    turn = steps.ask(page, question)
    assert page.locator("[data-turn]").count() <= before + 1
    return turn


def marked(panel: Any) -> str:
    return "".join(panel.locator("mark").all_inner_texts())


def test_the_whole_story(agent: str, owner: Open) -> None:
    page = owner()
    page.goto(agent)
    expect(page.get_by_role("heading", name="What would you like to know?")).to_be_visible()
    turn = ask(page, QUESTION)
    expect(turn.locator("[data-answer]")).to_contain_text("within 72 hours")
    expect(page).to_have_url(re.compile(rf"{agent}/conversations/\w+$"))
    steps.keep(page, "answer")
    assert findings(page) == []

    turn.get_by_role("link", name="Source 1").first.click()
    panel = page.get_by_role("dialog", name="Document")
    expect(panel.get_by_role("img", name="Page 2 as an image")).to_have_js_property("complete", value=True)
    expect(panel.locator(".is-here rect")).to_have_count(1)
    expect(panel.get_by_text("Page 2 of 2")).to_be_visible()
    steps.keep(page, "pdf-beside")
    assert findings(page) == []
    panel.get_by_role("link", name="Previous page").click()
    expect(panel.get_by_text("Page 1 of 2")).to_be_visible()
    expect(page).to_have_url(re.compile("/conversations/"))
    page.keyboard.press("Escape")

    turn = ask(page, "And for the processor?")
    expect(turn.locator("[data-searched-for]")).to_contain_text("breach")
    turn = ask(page, "What does parking behind the east wing cost per hour?")
    turn.get_by_role("link", name="Source 1").first.click()
    expect(panel.locator("mark.is-here").first).to_be_in_viewport()
    assert marked(panel) == "Parking behind the east wing costs two euros per hour for visitors."
    steps.keep(page, "text-beside")
    assert findings(page) == []
    page.keyboard.press("Escape")

    turn = ask(page, "Who won the football world cup in 1974?")
    expect(turn.get_by_text("Not in these documents")).to_be_visible()
    expect(turn.get_by_role("heading", name="Nearest passages")).to_be_visible()
    assert findings(page) == []

    turn.get_by_role("link", name="Edit and ask again").click()
    expect(page.get_by_label("Your question")).to_have_value("Who won the football world cup in 1974?")
    turn = ask(page, "When are visitors welcome on the wards?")
    expect(turn.locator("[data-answer]")).to_contain_text("from two in the afternoon")
    expect(page.get_by_text("football")).to_have_count(0)
    rate(page, turn)
    page.reload()
    expect(page.locator("[data-turn]")).to_have_count(4)
    turn = page.locator("[data-turn]").last
    expect(turn.get_by_role("button", name="Bad answer")).to_have_attribute("aria-pressed", "true")
    turn.get_by_role("button", name="Change the comment").click()
    expect(page.get_by_role("textbox", name="Comment")).to_have_value("Which wards?")


def rate(page: Any, turn: Any) -> None:
    turn.get_by_role("button", name="Bad answer").click()
    turn.get_by_role("button", name="Comment").click()
    page.get_by_role("textbox", name="Comment").fill("Which wards?")
    page.get_by_role("button", name="Keep the comment").click()
    expect(page.get_by_text("Thank you. It is kept with the conversation.")).to_be_visible()


def test_an_answer_is_stopped_and_the_next_question_asked(agent: str, owner: Open) -> None:
    """Over a line so slow that the answer is under way for as long as the test needs."""
    page = owner()
    page.goto(agent)
    line = page.context.new_cdp_session(page)
    slow = {"offline": False, "latency": 0, "uploadThroughput": -1}
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", slow | {"downloadThroughput": 300})
    page.get_by_label("Your question").fill(QUESTION)
    page.get_by_role("button", name="Ask", exact=True).click()
    page.get_by_role("button", name="Stop").click()
    turn = page.locator("[data-turn]").last
    expect(turn.get_by_text(re.compile("^Stopped"))).to_be_visible()
    expect(page.get_by_role("button", name="Stop")).to_be_hidden()
    expect(turn.locator("[data-progress]")).to_be_hidden()
    assert findings(page) == []
    steps.keep(page, "stopped")
    line.send("Network.emulateNetworkConditions", slow | {"downloadThroughput": -1})
    turn = ask(page, "When are visitors welcome on the wards?")
    expect(turn.locator("[data-answer]")).to_contain_text("from two in the afternoon")


def test_an_enlarged_page_is_drawn_sharper(agent: str, owner: Open) -> None:
    page = owner()
    page.goto(agent)
    page.goto(str(ask(page, QUESTION).locator(".source").first.get_attribute("href")))
    picture = page.get_by_role("img", name="Page 2 as an image")
    usual = f"{page.url.partition('/agents/')[0]}{picture.get_attribute('src')}"
    expect(picture).to_have_js_property("currentSrc", usual)
    for _ in range(3):
        page.get_by_role("button", name="Larger").click()
    expect(page.get_by_text("200 %")).to_be_visible()
    expect(picture).to_have_js_property("currentSrc", f"{usual}?scale=3.0")
    expect(picture).to_have_js_property("complete", value=True)
    expect(page.locator(".is-here rect")).to_be_in_viewport()
    steps.keep(page, "pdf-200")


def test_conversations_are_found_renamed_and_deleted(agent: str, owner: Open) -> None:
    page = owner()
    page.goto(agent)
    ask(page, "Is parking in the garage free of charge for staff?")
    page.goto("/conversations")
    assert findings(page) == []
    page.get_by_role("searchbox").fill("garage")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.locator("tbody tr")).to_have_count(1)
    assert "garage" not in page.url
    page.get_by_role("button", name=re.compile("^Rename")).click()
    page.get_by_role("dialog").get_by_label("Title").fill("Where staff park")
    page.get_by_role("dialog").get_by_role("button", name="Rename").click()
    expect(page.get_by_role("link", name="Where staff park")).to_be_visible()
    steps.keep(page, "conversations")
    page.get_by_role("button", name="Delete Where staff park").click()
    assert findings(page) == []
    page.get_by_role("dialog").get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_text("The key of the conversation was destroyed")).to_be_visible()
    expect(page.get_by_role("link", name="Where staff park")).to_have_count(0)


def test_without_javascript_the_same_is_done_by_forms_and_links(agent: str, owner: Open) -> None:
    page = owner(java_script_enabled=False)
    page.goto(agent)
    page.get_by_label("Your question").fill(QUESTION)
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator("[data-answer]").first).to_contain_text("within 72 hours")
    page.locator(".source").first.click()
    expect(page.locator(".is-here rect")).to_have_count(1)
    page.locator("[data-viewer-back]").click()
    page.get_by_role("button", name="Good answer").click()
    expect(page.get_by_role("button", name="Good answer")).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize("look", ["dark", "phone"])
def test_every_page_of_the_story_fits_and_is_accessible(agent: str, owner: Open, look: str) -> None:
    page = owner(look, viewport={"width": 360, "height": 780}) if look == "phone" else owner(look)
    page.goto(agent)
    turn = ask(page, QUESTION)
    turn.locator(".source").first.click()
    panel = page.get_by_role("dialog", name="Document")
    expect(panel.locator(".is-here rect")).to_have_count(1)
    for name in ("panel", "viewer", "conversation", "conversations"):
        if name == "viewer":
            page.goto(str(turn.locator(".source").first.get_attribute("href")))
        elif name != "panel":
            page.goto("/conversations")
        if name == "conversation":
            page.locator("tbody a").first.click()
            expect(page.locator("[data-turn]").first).to_be_visible()
        steps.keep(page, f"{name}-{look}")
        assert findings(page) == [], name
        assert steps.wide(page) <= 0, name
