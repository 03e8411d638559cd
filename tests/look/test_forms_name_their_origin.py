"""A form of ours says where it comes from, although the header says no-referrer; an address elsewhere learns nothing.

Under `Referrer-Policy: no-referrer` browsers send "Origin: null" with every form (Fetch, section 4.6, "append a request
Origin header"), and Django's protection against cross-site requests refuses that: nobody could sign in.
"""

from collections.abc import Callable
from typing import Any

import pytest

from tests.look.stage import WAIT, Stage

pytestmark = pytest.mark.browser
Open = Callable[..., Any]


@pytest.mark.parametrize("script", [True, False])
def test_signing_in_names_our_origin(stage: Stage, open_page: Open, script: bool) -> None:
    page = open_page(stage.page("accounts/sign_in"), java_script_enabled=script)
    page.get_by_label("E-mail").fill("alice@example.org")
    page.get_by_label("Password").fill("a short sentence works well")
    stage.answers.put((200, {}))
    page.get_by_role("button", name="Sign in").click()
    assert stage.received.get(timeout=WAIT)[1]["Origin"] == stage.address


def test_another_host_learns_nothing(stage: Stage, open_page: Open) -> None:
    page = open_page(stage.page("chat/ask"))
    elsewhere = stage.address.replace("127.0.0.1", "localhost")
    sent: list[str | None] = []
    page.route(f"{elsewhere}/**", lambda route: (sent.append(route.request.headers.get("referer")), route.fulfill())[1])
    page.evaluate("address => { location.href = address }", f"{elsewhere}/x")
    page.wait_for_url(f"{elsewhere}/x")
    assert sent == [None]
