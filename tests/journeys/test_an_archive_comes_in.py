"""A ZIP of files of several formats becomes its documents: one is asked and cited, one that cannot be read says why."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.chat.pdf import pdf
from tests.ingest import hostile, office
from tests.journeys import steps
from tests.look.preview import LOOKS, findings

pytestmark = [pytest.mark.long, pytest.mark.browser]
BREACH = "The controller notifies a personal data breach to the supervisory authority within 72 hours."
FILES = {
    "law.pdf": pdf([["Notification.", BREACH]]),
    "prices.xlsx": office.workbook(
        {"Prices": [["Place", "Price"], ["Parking behind the east wing", "two euros per hour"]]}
    ),
    "house/rules.md": b"# Visiting\n\nVisitors are welcome on all wards from two in the afternoon.\n",
    "house/plan.json": hostile.SHAPED["deep.json"](),
    "house/wards.docx": hostile.mutated(b"PK\3\4" + bytes(500), 1),
}


def test_each_file_becomes_a_document(owner: Callable[..., Any], tmp_path: Path) -> None:
    expect.set_options(timeout=steps.WAIT)
    page = owner()
    steps.new_agent(page, "House")
    knowledge = page.url
    archive = tmp_path / "handbook.zip"
    archive.write_bytes(office.package(FILES))
    steps.upload(page, archive)
    steps.wait_until_read(page)
    expect(page.locator("tbody tr")).to_have_count(len(FILES))
    for name in ("law.pdf", "prices.xlsx", "house/rules.md"):
        expect(page.get_by_role("row", name=f"handbook.zip/{name}")).to_contain_text("Live")
    expect(page.get_by_role("row", name="handbook.zip/house/plan.json")).to_contain_text(
        "This file nests its parts too deeply"
    )
    expect(page.get_by_role("row", name="handbook.zip/house/wards.docx")).to_contain_text(
        "This file is damaged or incomplete"
    )

    page.goto(knowledge.removesuffix("/knowledge"))
    turn = steps.ask(page, "What does parking behind the east wing cost?")
    expect(turn.locator("[data-answer]")).to_contain_text("two euros per hour")
    turn.get_by_role("link", name="Source 1").first.click()
    panel = page.get_by_role("dialog", name="Document")
    expect(panel.get_by_role("heading", name="handbook.zip/prices.xlsx")).to_be_visible()
    expect(panel.locator("mark").first).to_be_in_viewport()
    for look in LOOKS:
        seen = owner(look)
        for name, address in (("archive", knowledge), ("archive-cited", page.url)):
            seen.goto(address)
            steps.keep(seen, f"{name}-{look}")
            assert findings(seen) == []
            assert steps.wide(seen) <= 0
