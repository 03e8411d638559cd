"""User icon, My profile, Security, Enable: two-factor authentication as people know it, with a real authenticator
library as the phone, which reads the QR code off the screen."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect

from tests.journeys import steps

pytestmark = pytest.mark.browser


def scanned(page: Any) -> pyotp.TOTP:
    """The app that pointed its camera at the page; the key beside the picture is the same."""
    picture = Image.open(io.BytesIO(page.locator("img.qr").screenshot()))
    (code,) = zxingcpp.read_barcodes(picture)
    app = pyotp.parse_uri(code.text)
    assert isinstance(app, pyotp.TOTP)
    assert app.issuer == "Muniment"
    assert parse_qs(urlsplit(code.text).query)["secret"] == [app.secret]
    assert page.locator("#manual-key").inner_text().replace(" ", "") == app.secret
    return app


def test_two_factor(owner: Callable[..., Any], window: Callable[..., Any], tmp_path: Path) -> None:
    page = owner()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    steps.to_security(page)
    page.get_by_role("link", name="Enable").click()
    steps.confirm(page)
    steps.keep(page, "two-factor")
    app = scanned(page)
    page.get_by_label("Name").fill("Alice's phone")
    page.get_by_label("Code").fill(app.now())
    page.get_by_role("button", name="Enable").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    steps.keep(page, "recovery-codes")
    codes = [text.split()[-1] for text in page.locator("#codes li").all_inner_texts()]
    page.get_by_role("button", name="Copy").click()
    assert page.evaluate("navigator.clipboard.readText()").split() == codes
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    download.value.save_as(tmp_path / "codes.txt")
    assert (tmp_path / "codes.txt").read_text().split() == codes
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_text("Alice's phone")).to_be_visible()
    expect(page.get_by_text("10 are left")).to_be_visible()

    new = window()
    steps.sign_in(new)
    new.wait_for_url("**/sign-in/second-step")
    steps.keep(new, "second-step")
    new.goto("/agents")
    new.wait_for_url("**/sign-in?**")
    new.goto("/sign-in/second-step")
    new.get_by_label("Code").fill(codes[0])
    new.get_by_label("Do not ask in this browser").check()
    new.get_by_role("button", name="Sign in", exact=True).click()
    expect(new.get_by_role("heading", name="Home")).to_be_visible()
    new.get_by_role("button", name="Account of").click()
    new.get_by_role("button", name="Sign out").click()
    steps.sign_in(new)
    expect(new.get_by_role("heading", name="Home")).to_be_visible()  # trusted

    page.reload()
    expect(page.get_by_text("9 are left")).to_be_visible()
    page.get_by_role("button", name="Trust Chrome on Linux no more").click()
    page.get_by_role("link", name="Disable").click()
    page.get_by_role("button", name="Disable").click()
    expect(page.get_by_role("link", name="Enable")).to_be_visible()
