"""A scanned page and a picture are uploaded: their words answer, and the viewer marks them on the picture.

Needs tesseract's language data: `tools/install-tesseract`. Without it: tests/ingest/test_documents_of_pictures.py.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.ingest import pictures
from tests.journeys import steps
from tests.look.preview import LOOKS, findings

pytestmark = pytest.mark.browser
LEASE = ("The lease of the boat house ends in May 2031.", "Its rent is nine hundred euros per month.")


def test_its_words_answer_and_are_marked_on_it(owner: Callable[..., Any], tmp_path: Path) -> None:
    expect.set_options(timeout=steps.WAIT)
    page = owner()
    steps.new_agent(page, "Estate")
    agent = page.url.removesuffix("/knowledge")
    lease, sheet = tmp_path / "lease.pdf", tmp_path / "sheet.png"
    lease.write_bytes(pictures.scanned("This page was typed.", LEASE))
    sheet.write_bytes(pictures.SAMPLES["a.png"])
    steps.upload(page, lease, sheet)
    for name in (lease.name, sheet.name):
        expect(page.get_by_role("row", name=name)).to_contain_text("Live")

    viewers = []
    page.goto(agent)
    for question, said, shown in (
        ("What is the rent of the boat house per month?", "nine hundred euros per month", "Page 2 as an image"),
        ("What does parking behind the east wing cost?", "costs two euros", "Page 1 as an image"),
    ):
        turn = steps.ask(page, question)
        expect(turn.locator("[data-answer]")).to_contain_text(said)
        turn.get_by_role("link", name="Source 1").first.click()
        panel = page.get_by_role("dialog", name="Document")
        picture = panel.get_by_role("img", name=shown)
        expect(picture).to_have_js_property("complete", value=True)
        assert picture.evaluate("image => image.naturalWidth") > 0
        expect(panel.locator(".is-here rect").first).to_be_visible()
        assert findings(page) == []
        viewers.append(turn.locator("[data-source]").first.get_attribute("href"))
        page.keyboard.press("Escape")
    for look in LOOKS:
        seen = owner(look)
        for number, viewer in enumerate(viewers, 1):
            seen.goto(viewer)
            expect(seen.get_by_role("img", name="as an image")).to_have_js_property("complete", value=True)
            steps.keep(seen, f"scan-{number}-{look}")
            assert findings(seen) == []
            assert steps.wide(seen) <= 0
