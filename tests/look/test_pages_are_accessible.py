"""axe finds nothing on any page in any state, in light, dark and on a phone; no page is wider than its window."""

from typing import Any

import pytest

from tests.look.preview import LOOKS, findings, findings_of_contrast, visiting
from tests.look.samples import STATES
from tests.look.stage import staged

pytestmark = pytest.mark.browser
ROOMS = sorted({state.partition("/")[0] for state in STATES})


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("room", ROOMS)
def test_axe_finds_nothing(chromium: Any, room: str, look: str) -> None:
    examined = findings_of_contrast if look == "dark" else findings
    with staged() as stage, visiting(chromium, look) as visit:
        wrong = {
            state: found
            for state in STATES
            if state.partition("/")[0] == room and (found := visit(stage.page(state), examined))
        }
    assert wrong == {}


def test_no_page_is_wider_than_its_window(chromium: Any) -> None:
    """720 is also 1440 pixels at 200 % zoom."""
    wide = {}
    with staged() as stage:
        page = chromium.new_page()
        for state in STATES:
            page.goto(stage.page(state))
            for width in (360, 720, 1024, 2560):
                page.set_viewport_size({"width": width, "height": 800})
                room = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                if room > 0:
                    wide[state, width] = room
        page.close()
    assert wide == {}
