"""A form that came back begins at the field to be mended; on a phone the current tab is in sight."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.look.samples import STATES
from tests.look.stage import Stage

pytestmark = pytest.mark.browser
Open = Callable[..., Any]
WIDTH = 320


def test_a_form_begins_at_the_field_to_be_mended(stage: Stage, open_page: Open) -> None:
    page = open_page(stage.page("accounts/setup--errors"))
    expect(page.locator("[aria-invalid=true]").first).to_be_focused()


def test_the_last_tab_is_whole_in_sight_on_a_phone(stage: Stage, open_page: Open) -> None:
    state = next(name for name in STATES if name.startswith("agents/settings"))
    page = open_page(stage.page(state), "phone", viewport={"width": WIDTH, "height": 780})
    tab = page.locator(".tabs [aria-current]")
    expect(tab).to_be_in_viewport(ratio=0.95)  # its underline lies one pixel over that of the strip
