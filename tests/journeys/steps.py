"""What people do, step by step, in a window: the words of the stories."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

PICTURES = Path(__file__).resolve().parents[2] / "artefacts/journeys"
WAIT = 180_000  # milliseconds: for work on a busy machine, never for a pause
TABS = ("knowledge", "character", "safety", "settings")
PASSWORD = "a quiet reading room at dusk"


def pass_by(page: Any, name: str) -> None:
    """Look at no page on the way."""


def claim(page: Any, link: str, look: Callable[[Any, str], None] = pass_by) -> None:
    """From the setup link to the first page of an owner who holds the recovery kit; `look(page, name)` sees each."""
    page.goto(link)
    look(page, "setup")
    page.get_by_label("Team").fill("Reading Room")
    page.get_by_label("E-mail").fill("alice@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password, again").fill(PASSWORD)
    page.get_by_role("button", name="Claim and continue").click()
    page.wait_for_url("**/recovery-kit")
    look(page, "recovery-kit")
    kit = [text.split()[-1] for text in page.locator("#kit li").all_inner_texts()]
    page.get_by_role("link", name="I have a copy").click()
    page.wait_for_url("**/recovery-kit/check")
    look(page, "check-kit")
    for label in page.get_by_text("Group", exact=False).all_inner_texts():
        if label.startswith("Group "):
            page.get_by_label(label, exact=True).fill(kit[int(label.split()[1]) - 1])
    page.get_by_role("button", name="Finish").click()
    expect(page.get_by_role("heading", name="Home")).to_be_visible()


def new_agent(page: Any, name: str) -> None:
    page.get_by_role("link", name="New agent").first.click()
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Create the agent").click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()


def upload(page: Any, *files: Path) -> None:
    """On the page Knowledge."""
    page.locator("#dropzone-files").evaluate("input => { input.webkitdirectory = false }")
    page.locator("#dropzone-files").set_input_files(list(files))


def upload_folder(page: Any, folder: Path) -> None:
    page.locator("#dropzone-files").evaluate("input => { input.webkitdirectory = true }")
    page.locator("#dropzone-files").set_input_files(folder)


def wait_until_read(page: Any) -> None:
    """The table asks for itself until nothing is under way."""
    expect(page.locator("#documents[hx-get]")).to_have_count(0, timeout=WAIT)


def ask(page: Any, question: str) -> Any:
    """The turn, once it is complete."""
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="The answer is complete.")).to_have_count(1)
    turn = page.locator("[data-turn]").last
    expect(turn.locator("[data-acts]")).to_be_visible()
    return turn


def add_provider(page: Any, name: str, address: str) -> None:
    """On the page for a new one."""
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Address", exact=True).fill(address)
    page.get_by_label("Model", exact=True).fill("tiny")
    page.get_by_label("Key", exact=True).fill("sk-of-a-test")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name=name)).to_be_visible()


def to_security(page: Any) -> None:
    page.get_by_role("button", name="Account of").click()
    page.get_by_role("link", name="My profile").click()
    page.get_by_role("link", name="Security").click()


def confirm(page: Any) -> None:
    page.wait_for_url("**/confirm?**")
    keep(page, "confirm")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()


def sign_in(page: Any) -> None:
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill("alice@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def keep(page: Any, name: str) -> None:
    """A picture of the page, for people to look at. Without Playwright's own styles, which the page's rules refuse."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png", caret="initial", full_page=True)


def wide(page: Any) -> int:
    """By how many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
