"""Each page template in each state renders, whole, and obeys the Content-Security-Policy and the icon sprite."""

import re
from html.parser import HTMLParser

import pytest
from django.template.loader import render_to_string

from tests.look.preview import ROOT, STATIC
from tests.look.samples import STATES
from tests.look.samples_agents import FRAGMENTS
from tests.look.samples_masking import FRAGMENTS as MASKING
from tests.look.samples_sso import FRAGMENTS as LEADING

TEMPLATES = ROOT / "src/muniment/templates"
ALL = STATES | FRAGMENTS | MASKING | LEADING
VOID = {"meta", "link", "input", "img", "br", "hr", "circle", "line", "path", "rect", "use"}
# Rail entries come from the console's context, not from a template.
BY_CONTEXT = {"robot", "messages", "shield-lock", "certificate", "users"}


class Reader(HTMLParser):
    """Collects what the rules below are about."""

    def __init__(self) -> None:
        super().__init__()
        self.inline: list[str] = []
        self.icons: set[str] = set()
        self.ids: list[str] = []
        self.open: list[str] = []
        self.misnested: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.inline += [f"{tag} {name}" for name in given if name == "style" or name.startswith("on")]
        if tag == "style" or (tag == "script" and "src" not in given):
            self.inline.append(tag)
        if tag == "use":
            self.icons.add((given["href"] or "").partition("#")[2])
        if given.get("id") and "template" not in self.open:
            self.ids.append(given["id"] or "")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.misnested.append(f"{tag} at line {self.getpos()[0]}")


def read(state: str) -> Reader:
    template, context = ALL[state]
    reader = Reader()
    reader.feed(render_to_string(template, context))
    return reader


def sprite() -> set[str]:
    text = (STATIC / "vendor/tabler-icons/sprite.svg").read_text(encoding="utf-8")
    return set(re.findall(r'<symbol id="([^"]+)"', text))


@pytest.mark.parametrize("state", ALL)
def test_nothing_is_inline(state: str) -> None:
    assert read(state).inline == []


@pytest.mark.parametrize("state", ALL)
def test_every_icon_is_in_the_sprite(state: str) -> None:
    assert read(state).icons <= sprite()


@pytest.mark.parametrize("state", ALL)
def test_tags_are_nested_and_ids_single(state: str) -> None:
    reader = read(state)
    assert reader.misnested == []
    assert reader.open == []
    assert len(reader.ids) == len(set(reader.ids))


def test_the_sprite_holds_only_icons_that_are_used() -> None:
    used = set().union(*(read(state).icons for state in ALL))
    assert sprite() == used | BY_CONTEXT


def test_every_page_template_has_a_state() -> None:
    """A page is what extends a frame; one that nobody renders here would be seen by nobody."""
    frames = {"agents/agent.html", "accounts/profile_frame.html", "console/server_frame.html", "team/team_frame.html"}
    frames.add("chat/outside.html")
    pages = {
        path.relative_to(TEMPLATES).as_posix()
        for path in TEMPLATES.rglob("*.html")
        if path.read_text(encoding="utf-8").startswith("{% extends")
    }
    assert pages - frames - {template for template, _ in ALL.values()} == set()


def test_error_pages_need_no_context() -> None:
    for status in (400, 403, 404, 500, 503):
        assert f"{status}" in render_to_string(f"{status}.html")


def test_what_people_typed_is_escaped() -> None:
    template, context = STATES["chat/ask"]
    attack = "<script>alert(1)</script>"
    turn = context["turns"][0] | {"question": attack, "searched_for": attack, "passages": []}
    page = render_to_string(
        template, context | {"turns": [turn], "conversation": {"id": "c", "title": attack, "url": "/"}}
    )
    assert attack not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 3
