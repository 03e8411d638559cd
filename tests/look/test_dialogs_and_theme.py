"""Dialogs trap and return focus, the theme is remembered, the drawer opens; the first two also hold without a mouse."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.look.preview import findings
from tests.look.stage import WAIT, Stage

pytestmark = pytest.mark.browser
Open = Callable[..., Any]


def test_deleting_an_agent_wants_its_name(stage: Stage, open_page: Open) -> None:
    page = open_page(stage.page("agents/settings"))
    opener = page.get_by_role("button", name="Delete the agent")
    opener.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("1,204 documents, 340 conversations; cannot be undone.")
    expect(dialog.get_by_label("Type the name")).to_be_focused()
    expect(dialog.get_by_role("button", name="Delete for good")).to_be_disabled()
    dialog.get_by_label("Type the name").fill("Datenschutz Klinikum Süd-Ost")
    expect(dialog.get_by_role("button", name="Delete for good")).to_be_enabled()
    assert findings(page) == []
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()


def test_the_page_behind_a_dialog_is_out_of_reach(stage: Stage, open_page: Open) -> None:
    page = open_page(stage.page("agents/settings"))
    page.get_by_role("button", name="Delete the agent").click()
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement === document.body || !!document.activeElement.closest('dialog')")


def test_without_javascript_a_dialog_still_opens_and_posts(stage: Stage, open_page: Open) -> None:
    page = open_page(stage.page("agents/settings"), java_script_enabled=False)
    page.get_by_role("button", name="Delete the agent").click()
    page.get_by_label("Type the name").fill("Datenschutz Klinikum Süd-Ost")
    stage.answers.put((200, {}))
    page.get_by_role("button", name="Delete for good").click()
    assert stage.received.get(timeout=WAIT)[0].endswith("/delete")


def test_a_row_fills_the_dialog_it_opens(stage: Stage, open_page: Open) -> None:
    page = open_page(stage.page("chat/conversations"))
    page.get_by_role("button", name="Rename Consent of minors").click()
    expect(page.get_by_role("textbox", name="Title")).to_have_value("Consent of minors")
    assert page.locator("#rename form").get_attribute("action") == "/c/2/rename"
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Delete Consent of minors").click()
    expect(page.get_by_role("dialog")).to_contain_text("Consent of minors")
    assert page.locator("#delete form").get_attribute("action") == "/c/2/delete"


def test_the_theme_is_remembered(stage: Stage, open_page: Open) -> None:
    page = open_page(stage.page("agents/list"))
    page.get_by_role("button", name="Account of").click()
    page.get_by_role("button", name="Dark").click()
    page.reload()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(17, 23, 29)"
    page.get_by_role("button", name="Account of").click()
    expect(page.get_by_role("button", name="Dark")).to_have_attribute("aria-pressed", "true")
    assert findings(page) == []


def test_the_system_s_theme_serves_without_javascript(stage: Stage, open_page: Open) -> None:
    page = open_page(stage.page("agents/list"), "dark", java_script_enabled=False)
    assert page.locator("body").evaluate("body => getComputedStyle(body).backgroundColor") == "rgb(17, 23, 29)"


def test_the_rail_is_a_drawer_on_a_phone(stage: Stage, open_page: Open) -> None:
    page = open_page(stage.page("agents/list"), "phone")
    entry = page.get_by_role("link", name="Conversations")
    expect(entry).to_be_hidden()
    page.get_by_role("button", name="Menu", exact=True).click()
    expect(entry).to_be_visible()
    assert findings(page) == []
    page.keyboard.press("Escape")
    expect(entry).to_be_hidden()


def test_rail_and_top_bar_stay_in_sight(stage: Stage, open_page: Open) -> None:
    page = open_page(stage.page("gallery"))
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(page.get_by_role("link", name="Agents").first).to_be_in_viewport()
    expect(page.get_by_role("button", name="Account of")).to_be_in_viewport()


def test_many_documents_are_chosen_and_deleted_at_once(stage: Stage, open_page: Open) -> None:
    page = open_page(stage.page("agents/knowledge--carol").replace("--carol", ""))
    page.route("**/knowledge?*", lambda route: route.fulfill(status=204))
    expect(page.locator("#delete-chosen")).to_be_disabled()
    page.get_by_label("Choose GDPR.html").check()
    page.get_by_label("Choose Löschkonzept.md").check()
    page.locator("#delete-chosen").click()
    expect(page.get_by_role("dialog")).to_contain_text("Documents to be deleted: 2")
    stage.answers.put((200, {}))
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    path, _, body = stage.received.get(timeout=WAIT)
    assert path.endswith("/documents/delete")
    assert body.count(b"document=") == 2
