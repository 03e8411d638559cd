"""An owner looks at what is masked, corrects it, and has it applied to all documents; with and without a script."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys import steps
from tests.look.preview import findings

pytestmark = pytest.mark.browser
LETTER = (
    "Dear Dr. Margaret Holloway,\n\nyour card 4111 1111 1111 1111 was found at the desk of Amber Court. Holloway's "
    "deputy may fetch it there.\n"
)
CHOOSE = """words => {
  const walker = document.createTreeWalker(document.querySelector("[data-looked]"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const at = walker.currentNode.data.indexOf(words);
    if (at < 0) continue;
    getSelection().setBaseAndExtent(walker.currentNode, at, walker.currentNode, at + words.length);
    return;
  }
}"""


@pytest.fixture(scope="module")
def masking(owner: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of the page of masking of an agent with two letters."""
    expect.set_options(timeout=steps.WAIT)
    page = owner()
    steps.new_agent(page, "Lost property")
    files: list[Path] = []
    for number in (1, 2):
        files.append(tmp_path_factory.mktemp("letters") / f"letter-{number}.txt")
        files[-1].write_text(f"{LETTER}\nThis is letter {number}.\n")
    steps.upload(page, *files)
    expect(page.get_by_role("row", name="letter-2.txt")).to_contain_text("Live")
    expect(page.get_by_role("row", name="letter-2.txt").get_by_role("cell", name="3", exact=True)).to_be_visible()
    page.get_by_role("link", name="Safety").click()
    expect(page.locator("main")).to_contain_text("Names of people: 4")
    steps.keep(page, "masking-facts")
    page.get_by_role("link", name="Change masking").click()
    expect(page.get_by_label("Stand-ins")).to_be_checked()
    steps.keep(page, "masking")
    return str(page.url)


def test_a_correction_becomes_a_rule_and_is_applied(owner: Callable[..., Any], masking: str) -> None:
    page = owner()
    page.goto(f"{masking}/try")
    page.get_by_label("Or a text").fill(LETTER)
    page.get_by_role("button", name="Show what is found").click()
    expect(page.locator("[data-looked] mark")).to_have_count(3)
    assert findings(page) == []
    page.evaluate(CHOOSE, "Amber Court")
    expect(page.get_by_label("Words", exact=True)).to_have_value("Amber Court")
    page.get_by_label("What they are").select_option(label="Organisations")
    page.get_by_role("button", name="Always mask").click()
    expect(page.locator("[data-looked] mark")).to_have_count(4)
    page.get_by_role("button", name="4111 1111 1111 1111 is not personal data").click()
    expect(page.locator("[data-looked] mark")).to_have_count(3)
    expect(page.locator("[data-looked]")).to_contain_text("HollowayNames of people")
    expect(page.get_by_role("row", name="Amber Court").last).to_contain_text("Waits to be applied")
    steps.keep(page, "masking-corrected")

    page.get_by_role("button", name="Apply to all documents").click()
    expect(page.get_by_role("heading", name="2 documents are masked anew")).to_be_visible()
    expect(page.locator("main")).to_contain_text("less than a minute")
    assert findings(page) == []
    steps.keep(page, "masking-cost")
    page.get_by_role("button", name="Mask them anew").click()
    expect(page.get_by_text("2 documents are masked anew; you may leave this page").first).to_be_attached()
    expect(page.locator("#masking-progress progress")).to_have_count(0)  # it asks for itself until it is done
    page.goto(masking.removesuffix("/masking"))
    expect(page.locator("main")).to_contain_text("Organisations: 2")
    expect(page.locator("main")).not_to_contain_text("Payment cards: 2")


def test_everything_works_without_a_script(owner: Callable[..., Any], masking: str) -> None:
    page = owner(java_script_enabled=False)
    page.goto(f"{masking}/try")
    page.get_by_label("A document of this agent").select_option(label="letter-1.txt")
    page.get_by_role("button", name="Show what is found").click()
    expect(page.get_by_role("heading", name="letter-1.txt, part 1 of 1")).to_be_visible()
    page.get_by_label("Words", exact=True).fill("letter 1")
    page.get_by_label("What they are").select_option(label="Words and patterns of your own")
    page.get_by_role("button", name="Always mask").click()
    expect(page.get_by_role("row", name="letter 1").last).to_contain_text("Waits to be applied")
    page.get_by_role("button", name="Remove the rule for letter 1").click()
    expect(page.get_by_role("button", name="Remove the rule for letter 1")).to_have_count(0)


def test_a_mode_says_what_it_takes_and_one_may_go_back(owner: Callable[..., Any], masking: str) -> None:
    page = owner("phone")
    page.goto(masking)
    page.get_by_text("Mask", exact=True).click()
    page.get_by_role("textbox", name="Patterns of your own").fill("KD-[0-9]+")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("main")).to_contain_text("Masked words are removed from the text that is kept.")
    assert findings(page) == []
    assert steps.wide(page) <= 0
    page.get_by_role("button", name="Change something").click()
    expect(page.get_by_role("textbox", name="Patterns of your own")).to_have_value("KD-[0-9]+")
