"""Two promises as people meet them: files that are deleted right after reading, conversations that nobody keeps.

Each page is looked at in light, dark and on a phone of 360 pixels; one story goes without JavaScript.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys import steps
from tests.journeys.test_every_page import NARROW
from tests.look.preview import LOOKS, findings

pytestmark = [pytest.mark.long, pytest.mark.browser]
Open = Callable[..., Any]
QUESTION = "When are visitors welcome on the wards?"
FOLLOW_UP = "And who pays for their parking?"


@pytest.fixture
def wards(tmp_path: Path) -> Path:
    file = tmp_path / "wards.md"
    file.write_text(
        "# Visiting\n\nVisitors are welcome on all wards from two in the afternoon.\n\n"
        "# Parking\n\nVisitors of the wards pay for parking themselves, two euros per hour.\n"
    )
    return file


def look_at(page: Any, name: str) -> None:
    steps.keep(page, name)
    assert findings(page) == [], name
    assert steps.wide(page) <= 0, name


def in_every_look(owner: Open, address: str, name: str) -> None:
    for look in LOOKS:
        page = owner(look, **({"viewport": NARROW} if look == "phone" else {}))
        page.goto(address)
        expect(page.locator("h1").first).to_be_visible()
        look_at(page, f"{name}-{look}")
        page.context.close()


def new_agent(page: Any, name: str, *choices: str) -> str:
    page.goto("/agents/new")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Personal data").select_option("Off")
    for choice in choices:
        page.get_by_label(choice).check()
    page.get_by_role("button", name="Create the agent").click()
    page.wait_for_url("**/knowledge")
    return str(page.url).removesuffix("/knowledge")


def test_files_are_deleted_right_after_reading(owner: Open, wards: Path, tmp_path: Path) -> None:
    expect.set_options(timeout=steps.WAIT)
    in_every_look(owner, "/agents/new", "deletion-new")
    page = owner()
    agent = new_agent(page, "Read once", "Delete each file right after reading it")
    expect(page.get_by_text("This agent deletes each file right after reading it")).to_be_visible()
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7 and no more")
    steps.upload(page, wards, broken)
    for name in ("wards.md", "broken.pdf"):
        expect(page.get_by_role("row", name=name).get_by_role("link", name="receipt").last).to_be_visible()
    expect(page.get_by_role("row", name="broken.pdf").get_by_role("button", name="Try broken.pdf again")).to_have_count(
        0
    )
    in_every_look(owner, f"{agent}/knowledge", "deletion-knowledge")

    page.get_by_role("row", name="wards.md").get_by_role("link", name="receipt").last.click()
    expect(page.get_by_text("The key was destroyed on")).to_be_visible()
    expect(page.get_by_text("agent:original:erased", exact=True)).to_be_visible()
    look_at(page, "deletion-receipt")
    page.goto(f"{agent}/knowledge")
    page.get_by_role("link", name="wards.md", exact=True).click()
    expect(page.get_by_text("The original is not kept")).to_be_visible()
    in_every_look(owner, f"{agent}/safety", "deletion-safety")


def test_one_upload_is_deleted_and_those_from_before_when_asked(owner: Open, wards: Path, tmp_path: Path) -> None:
    expect.set_options(timeout=steps.WAIT)
    page = owner()
    agent = new_agent(page, "Keeps files")
    kept = tmp_path / "kept.txt"
    kept.write_text("Lanterns hang in room nine.")
    steps.upload(page, kept)
    expect(page.get_by_role("row", name="kept.txt")).to_contain_text("Kept")
    page.get_by_label("Delete the files right after reading").check()
    in_every_look(owner, f"{agent}/knowledge", "deletion-choice")
    steps.upload(page, wards)
    expect(page.get_by_role("row", name="wards.md").get_by_role("link", name="receipt").last).to_be_visible()
    expect(page.get_by_role("row", name="kept.txt")).to_contain_text("Kept")

    page.goto(f"{agent}/safety")
    page.get_by_label("Delete each file right after reading it").check()
    page.get_by_label("Keep no conversations").check()
    page.locator("form[action$='/deletion']").get_by_role("button", name="Save").click()
    expect(page.get_by_text("1 file from before is still kept")).to_be_visible()
    in_every_look(owner, f"{agent}/safety", "deletion-safety-before")
    page.get_by_role("button", name="Delete the files").click()
    dialog = page.get_by_role("dialog", name="Delete the files?")
    expect(dialog).to_contain_text("1 file: its key is destroyed, its text stays.")
    look_at(page, "deletion-safety-dialog")
    dialog.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("1 file deleted. Its key is destroyed; its text stays.").first).to_be_visible()
    expect(page.get_by_text("0 files are here now")).to_be_visible()


def test_a_conversation_that_nobody_keeps(owner: Open, wards: Path) -> None:
    expect.set_options(timeout=steps.WAIT)
    page = owner()
    agent = new_agent(page, "Keeps nothing", "Keep no conversations")
    steps.upload(page, wards)
    expect(page.get_by_role("row", name="wards.md")).to_contain_text("Live")
    for look in LOOKS:
        own = owner(look, **({"viewport": NARROW} if look == "phone" else {}))
        own.goto(agent)
        title = own.title()
        look_at(own, f"unkept-start-{look}")
        for question in (QUESTION, FOLLOW_UP):
            own.get_by_label("Your question").fill(question)
            own.get_by_role("button", name="Ask", exact=True).click()
            expect(own.locator("[data-turn] [data-acts]:visible").last).to_be_visible()
            expect(own.get_by_role("button", name="Stop")).to_have_count(0)
        expect(own.locator("[data-turn]").last).to_contain_text("two euros per hour")
        expect(own.locator("[data-turn]").last).to_contain_text("Searched for:")
        assert own.url == agent  # nothing for the browser's history
        assert own.title() == title
        look_at(own, f"unkept-asked-{look}")
        own.locator("[data-turn]").first.get_by_role("button", name="Ask once more").click()
        expect(own.locator("[data-turn]")).to_have_count(1)
        own.reload()
        expect(own.locator("[data-turn]")).to_have_count(0)
        own.context.close()
    page.goto("/conversations")
    expect(page.get_by_text(QUESTION)).to_have_count(0)


def test_the_same_without_javascript(owner: Open, wards: Path) -> None:
    expect.set_options(timeout=steps.WAIT)
    page = owner()
    agent = new_agent(page, "Keeps nothing, plainly", "Keep no conversations")
    steps.upload(page, wards)
    expect(page.get_by_role("row", name="wards.md")).to_contain_text("Live")
    plain = owner(java_script_enabled=False)
    plain.goto(agent)
    for question in (QUESTION, FOLLOW_UP):
        plain.get_by_label("Your question").fill(question)
        plain.get_by_role("button", name="Ask", exact=True).click()
        expect(plain.locator("[data-turn]").last).to_contain_text(question)
    expect(plain.locator("[data-turn]").last).to_contain_text("two euros per hour")
    steps.keep(plain, "unkept-plain")
    plain.locator("[data-turn]").first.get_by_role("button", name="Edit and ask again").click()
    expect(plain.get_by_label("Your question")).to_have_value(QUESTION)
    expect(plain.locator("[data-turn]")).to_have_count(2)
    plain.get_by_role("button", name="Cancel").click()
    expect(plain.get_by_label("Your question")).to_have_value("")
    plain.locator("[data-turn]").first.get_by_role("button", name="Ask once more").click()
    expect(plain.locator("[data-turn]")).to_have_count(1)
