"""A button beside a value copies that value, and says whether the browser let it."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.look.stage import Stage

pytestmark = pytest.mark.browser
Open = Callable[..., Any]
PAGES = ["sso/guide", "sso/connection", "team/key_made"]


@pytest.mark.parametrize("page_name", PAGES)
def test_the_value_is_copied(stage: Stage, open_page: Open, page_name: str) -> None:
    page = open_page(stage.page(page_name))
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    button = page.locator("[data-copy]").first
    button.click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    shown = page.locator(button.get_attribute("data-copy")).inner_text()
    assert page.evaluate("navigator.clipboard.readText()") == shown


@pytest.mark.parametrize("page_name", PAGES)
def test_a_browser_that_does_not_allow_it_is_not_said_to_have_copied(
    stage: Stage, open_page: Open, page_name: str
) -> None:
    """As on a page without TLS, where browsers have no clipboard."""
    page = open_page(stage.page(page_name))
    page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page.locator("[data-copy]").first.click()
    expect(page.get_by_text("The browser does not allow copying. Mark the text instead.")).to_be_visible()
    expect(page.get_by_text("Copied.")).to_have_count(0)
