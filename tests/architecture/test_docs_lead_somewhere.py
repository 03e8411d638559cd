"""Links between pages, and what the code says of pages, lead to what is there."""

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
OUTSIDE = ("http://", "https://", "mailto:")


def broken_links(page: Path, text: str) -> Iterator[str]:
    text = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        path, _, fragment = target.partition("#")
        found = (page.parent / path).resolve() if path else page
        if target.startswith(OUTSIDE):
            continue
        if not (found.exists() and _has(found, fragment)):
            yield f"{page.relative_to(ROOT)}: {target}"


def _has(page: Path, fragment: str) -> bool:
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE) if fragment else []
    return not fragment or fragment in {
        re.sub(r"[^\w-]", "", heading.lower().replace(" ", "-")) for heading in headings
    }


def unknown_pages(path: Path) -> Iterator[str]:
    """Pages that code, tests and pages name by their path from the root."""
    for name in re.findall(r"\bdocs/[\w./-]+\.md|\bdocs/decisions/\d+(?![\w-])", path.read_text()):
        if not (ROOT / name).exists():
            yield f"{path.relative_to(ROOT)}: {name}"


def test_links_between_pages() -> None:
    assert len(PAGES) > 30
    assert [found for page in PAGES for found in broken_links(page, page.read_text())] == []


def test_pages_named_in_the_code() -> None:
    files = [path for folder in ("src", "tests", "evaluations") for path in (ROOT / folder).rglob("*.py")]
    assert [found for path in [*files, *PAGES] for found in unknown_pages(path)] == []


def test_every_room_has_its_page() -> None:
    rooms = {path.parent.name for path in (ROOT / "src" / "muniment").glob("*/__init__.py")}
    assert len(rooms) >= 16
    assert rooms - {page.stem for page in (ROOT / "docs" / "rooms").glob("*.md")} == set()


def test_every_room_is_on_the_map() -> None:
    rooms = {path.parent.name for path in (ROOT / "src" / "muniment").glob("*/__init__.py")}
    shown = re.findall(r"^\| `(\w+)` \|.*\| (.+) \|$", (ROOT / "docs" / "map.md").read_text(), re.MULTILINE)
    assert rooms - {room for room, _ in shown} == set()
    files = [name for _, look in shown for name in re.findall(r"`([\w/]+\.py)`", look)]
    assert [name for name in files if not (ROOT / "src" / "muniment" / name).exists()] == []


def test_decisions_are_one_screen_and_numbered_once() -> None:
    pages = list((ROOT / "docs" / "decisions").glob("*.md"))
    numbers = [page.name[:4] for page in pages]
    assert len(numbers) == len(set(numbers)) > 6
    assert [page.name for page in pages if len(page.read_text().splitlines()) > 50] == []


def test_what_is_broken_is_found() -> None:
    text = "[a](gone.md) [b](map.md#nowhere) [c](map.md#map) [d](https://muniment.example.org)"
    broken = [found.split(": ")[1] for found in broken_links(ROOT / "docs" / "planted.md", text)]
    assert broken == ["gone.md", "map.md#nowhere"]
