"""A citation opens its document beside the conversation, at the place, and leads back to where one was."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.look.preview import findings
from tests.look.stage import Stage

pytestmark = pytest.mark.browser
Open = Callable[..., Any]


@pytest.mark.parametrize("look", ["light", "phone"])
def test_a_citation_opens_the_document_and_focus_returns(stage: Stage, open_page: Open, look: str) -> None:
    page = open_page(stage.page("chat/ask"), look)
    citation = page.get_by_role("link", name="Source 2").first
    citation.click()
    panel = page.get_by_role("dialog", name="Document")
    expect(panel.locator(".is-here rect").first).to_be_in_viewport()
    assert page.url == stage.page("chat/ask")
    assert findings(page) == []
    expect(panel.locator(":focus")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(citation).to_be_focused()


def test_the_next_passage_stays_in_the_panel(stage: Stage, open_page: Open) -> None:
    page = open_page(stage.page("chat/ask"))
    page.get_by_role("link", name="Source 2").first.click()
    panel = page.get_by_role("dialog", name="Document")
    panel.get_by_role("link", name="Next passage").click()
    expect(panel.locator("mark.is-here")).to_be_in_viewport()
    expect(panel.get_by_text("This is the text that was read from it.")).to_be_visible()
    assert page.url == stage.page("chat/ask")


def test_on_a_wide_screen_the_conversation_stays_in_use(stage: Stage, open_page: Open) -> None:
    page = open_page(stage.page("chat/ask"))
    page.get_by_role("link", name="Source 1").first.click()
    expect(page.get_by_role("dialog", name="Document").locator("[data-viewer]")).to_be_visible()
    page.get_by_label("Your question").fill("Still here")
    expect(page.get_by_label("Your question")).to_have_value("Still here")


def test_a_document_that_cannot_be_fetched_is_said(stage: Stage, open_page: Open) -> None:
    page = open_page(stage.page("chat/ask"))
    page.route("**/documents/**", lambda route: route.fulfill(status=404, body=""))
    page.get_by_role("link", name="Source 1").first.click()
    expect(page.get_by_text("The document could not be opened. Try again.")).to_be_visible()


def test_without_javascript_a_citation_leads_to_its_source(stage: Stage, open_page: Open) -> None:
    page = open_page(stage.page("chat/ask"), java_script_enabled=False)
    page.get_by_role("link", name="Source 2").first.click()
    expect(page.locator("#source-m1-2")).to_be_in_viewport()
    page.locator("#source-m1-2").click()
    expect(page.get_by_role("heading", name="Datenschutzleitlinie.pdf")).to_be_visible()


def test_size_changes_without_a_reload(stage: Stage, open_page: Open) -> None:
    page = open_page(stage.page("chat/source"))
    before = page.locator(".sheet").bounding_box()["width"]
    page.get_by_role("button", name="Larger").click()
    expect(page.get_by_text("125 %")).to_be_visible()
    assert page.locator(".sheet").bounding_box()["width"] > before
