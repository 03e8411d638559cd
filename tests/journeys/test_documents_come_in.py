"""The first hour: claim, recovery kit, an agent, documents, their progress, one deleted. A server, a browser."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys import steps
from tests.look.preview import findings

pytestmark = pytest.mark.browser


def test_from_the_setup_link_to_live_documents(owner: Callable[..., Any], folder: Path, tmp_path: Path) -> None:
    expect.set_options(timeout=steps.WAIT)
    page = owner()
    expect(page.get_by_role("link", name="Ask Muniment")).to_be_visible()
    assert findings(page) == []

    steps.new_agent(page, "Charters")
    assert findings(page) == []
    clauses, broken = tmp_path / "clauses.txt", tmp_path / "broken.pdf"
    clauses.write_text("No free man shall be seized or imprisoned except by the law of the land. " * 200)
    broken.write_bytes(b"%PDF-1.7 and no more")
    steps.upload(page, clauses, broken)
    steps.upload_folder(page, folder)
    expect(page.get_by_text("5 of 5 files received")).to_be_visible()
    steps.keep(page, "knowledge-under-way")
    steps.wait_until_read(page)
    expect(page.locator("tbody tr")).to_have_count(5)
    expect(page.locator("#agent-state")).to_have_text("Live")
    expect(page.get_by_role("row", name="Charters/later/confirmed.html")).to_contain_text("Live")
    expect(page.get_by_role("row", name="broken.pdf")).to_contain_text("This file is damaged or incomplete")
    assert findings(page) == []
    steps.keep(page, "knowledge")

    page.get_by_label("Choose clauses.txt").check()
    page.get_by_role("button", name="Delete", exact=True).first.click()
    dialog = page.get_by_role("dialog", name="Delete documents")
    expect(dialog).to_contain_text("Documents to be deleted: 1")
    dialog.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("1 document deleted. Its keys are destroyed.").first).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(4)
    expect(page.get_by_text("clauses.txt")).to_have_count(0)


@pytest.mark.parametrize("look", ["light", "phone"])
def test_every_page_of_an_agent_is_accessible(owner: Callable[..., Any], look: str) -> None:
    page = owner(look)
    address = page.get_by_role("link", name="Ask Muniment").get_attribute("href")
    for path in ("/", "/agents", "/agents/new", *(f"{address}/{tab}" for tab in steps.TABS)):
        page.goto(path)
        expect(page.locator("main")).to_be_visible()
        assert findings(page) == [], path
        assert steps.wide(page) <= 0, path


def test_a_page_left_open_after_its_session_ended(owner: Callable[..., Any], tmp_path: Path) -> None:
    """Neither the table nor the list of uploads takes the sign-in page for an answer."""
    expect.set_options(timeout=steps.WAIT)
    page = owner()
    steps.new_agent(page, "Left open")
    page.context.clear_cookies(name="sessionid")
    late = tmp_path / "late.txt"
    late.write_text("too late")
    steps.upload(page, late)
    expect(page.get_by_text("You are signed out. Sign in again, then send it once more.")).to_be_visible()
    page.evaluate("htmx.ajax('GET', location.href, {target: '#documents', swap: 'outerHTML'})")
    page.wait_for_url("**/sign-in?next=/agents/*/knowledge")
