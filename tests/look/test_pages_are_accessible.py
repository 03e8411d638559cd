"""axe finds nothing on any page in any state, in light, dark and on a phone; no page is wider than its window."""

from typing import Any

import pytest

from tests.look.preview import LOOKS, findings, findings_of_contrast, visiting
from tests.look.samples import STATES
from tests.look.stage import staged

pytestmark = [pytest.mark.long, pytest.mark.browser]
ROOMS = sorted({state.partition("/")[0] for state in STATES})
WIDTHS = (360, 720, 1024, 2560)
"""720 is also 1440 pixels at 200 % zoom."""


def examined(page: Any) -> list[str]:
    """At the desk: in light, then in dark what its colours change, then in windows of every width. A page is loaded
    once: that takes longer than all of this.
    """
    found = findings(page)
    page.emulate_media(color_scheme="dark")
    found += [f"dark: {one}" for one in findings_of_contrast(page)]
    page.emulate_media(color_scheme="light")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        room = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if room > 0:
            found.append(f"{room} pixels wider than a window of {width}")
    page.set_viewport_size(LOOKS["light"]["viewport"])
    return found


@pytest.mark.parametrize(("look", "act"), [("light", examined), ("phone", findings)], ids=["desk", "phone"])
@pytest.mark.parametrize("room", ROOMS)
def test_axe_finds_nothing(chromium: Any, room: str, look: str, act: Any) -> None:
    with staged() as stage, visiting(chromium, look) as visit:
        wrong = {
            state: found
            for state in STATES
            if state.partition("/")[0] == room and (found := visit(stage.page(state), act))
        }
    assert wrong == {}


def test_what_is_wrong_is_found(chromium: Any) -> None:
    """In each way: no contrast in light, none in dark, too wide."""
    with visiting(chromium, "light") as visit:
        style = "<style>:root{color-scheme:light dark} body{background:light-dark(#fff,#000)}</style>"
        head = f"<!DOCTYPE html><html lang=en><title>Page</title>{style}<main><h1>Page</h1>"
        for body, said in (
            ("<p style='color:light-dark(#eee,#fff)'>Pale</p>", "color-contrast"),
            ("<p style='color:light-dark(#000,#111)'>Dark</p>", "dark: color-contrast"),
            ("<p style='width:500px'>Wide</p>", "wider than a window of 360"),
            ("<p>Fine</p>", ""),
        ):
            found = visit(f"data:text/html,{(head + body).replace('#', '%23')}", examined)
            assert bool(found) == bool(said)
            assert all(said in one for one in found), found
