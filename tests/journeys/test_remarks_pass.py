"""A remark in the corner leaves by itself, not under the pointer or the focus; one that leads to a receipt stays."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys import steps

pytestmark = [pytest.mark.long, pytest.mark.browser]
LONG = 60_000  # milliseconds of the page's own clock, which the test turns


def test_good_news_leaves_by_itself_unless_it_is_in_hand(owner: Callable[..., Any]) -> None:
    expect.set_options(timeout=steps.WAIT)
    page = owner()
    page.clock.install()
    page.goto("/profile")
    page.get_by_label("Name").fill("Alice")
    page.get_by_role("button", name="Save").click()
    remark = page.locator("[data-toasts] [data-toast]")
    expect(remark).to_contain_text("Saved.")
    remark.get_by_role("button", name="Close").focus()
    page.clock.fast_forward(LONG)
    expect(remark).to_be_visible()
    page.get_by_label("Name").focus()
    page.clock.fast_forward(LONG)
    expect(remark).to_have_count(0)


def test_a_remark_with_a_receipt_stays_and_leads_there(owner: Callable[..., Any], tmp_path: Path) -> None:
    expect.set_options(timeout=steps.WAIT)
    page = owner()
    steps.new_agent(page, "Receipts")
    file = tmp_path / "gone.txt"
    file.write_text("This one will be deleted.")
    steps.upload(page, file)
    expect(page.get_by_role("row", name="gone.txt")).to_contain_text("Live")
    page.clock.install()
    page.reload()
    page.get_by_label("Choose gone.txt").check()
    page.get_by_role("button", name="Delete", exact=True).first.click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    remark = page.locator("[data-toasts] [data-toast]")
    expect(remark).to_contain_text("1 document deleted.")
    page.clock.fast_forward(LONG)
    remark.get_by_role("link", name="Receipt").click()
    expect(page.get_by_role("heading", name="Deleted")).to_be_visible()
    expect(page.get_by_text("The key was destroyed on")).to_be_visible()
