"""A passkey, kept by the browser's own authenticator: added, shown without a password and after one, removed."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys import steps

pytestmark = pytest.mark.browser


def test_passkey(owner: Callable[..., Any], window: Callable[..., Any]) -> None:
    page = owner()
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    kept = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options = kept | {"isUserVerified": True, "automaticPresenceSimulation": True}
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    steps.to_security(page)
    page.get_by_role("link", name="Add a passkey").click()
    steps.confirm(page)
    steps.keep(page, "passkey")
    page.get_by_label("Name").fill("This laptop")
    page.get_by_role("button", name="Make the passkey").click()
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_role("cell", name="This laptop", exact=True)).to_be_visible()
    steps.keep(page, "security")

    page.get_by_role("button", name="Account of").click()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Home")).to_be_visible()

    page.get_by_role("button", name="Account of").click()
    page.get_by_role("button", name="Sign out").click()
    steps.sign_in(page)
    page.wait_for_url("**/sign-in/second-step")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Home")).to_be_visible()

    steps.to_security(page)
    page.get_by_role("button", name="Remove This laptop").click()
    page.get_by_role("button", name="Remove", exact=True).click()
    steps.confirm(page)
    page.get_by_role("button", name="Remove This laptop").click()
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(page.get_by_role("cell", name="This laptop", exact=True)).to_have_count(0)
