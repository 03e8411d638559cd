"""Four people and their roles: Alice owns, Bob builds, Carol only chats, Mallory is next door. What each sees, what is
not there for whom, and that what Alice changes holds at the next click.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys import steps
from tests.journeys.server import Server
from tests.look.preview import findings

pytestmark = pytest.mark.browser
Open = Callable[..., Any]
LETTER = "The umbrella of Margaret Holloway was found in the herbarium and may be fetched on Monday.\n"
QUESTION = "Where was the umbrella found?"
ROLE = "Reader of statistics"


@dataclass
class House:
    """Everybody's window, and the addresses that are tried. `kept` is of what is the team's."""

    windows: dict[str, Any]
    granted: str
    other: str
    role: str = ""
    kept: list[str] = field(default_factory=list)

    def status(self, who: str, address: str) -> int:
        """What the server answers to this person's browser."""
        return int(self.windows[who].request.get(address, max_redirects=0).status)


def seen(page: Any, name: str) -> None:
    """Looked at in every look, and by axe."""
    for look, scheme, width in (("light", "light", 1440), ("dark", "dark", 1440), ("narrow", "light", 360)):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate("scrollTo(0, 0)")
        steps.keep(page, f"roles-{name}-{look}")
        assert findings(page) == [], name
        assert steps.wide(page) <= 0, name
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1440, "height": 900})


def sign_in(page: Any, who: str) -> None:
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill(f"{who}@example.org")
    page.get_by_label("Password").fill(steps.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Home")).to_be_visible()


def invite(alice: Any, who: str, role: str, newcomer: Any) -> None:
    """Alice passes the link on; whoever opens it chooses a password and is in."""
    alice.goto("/members/invite")
    alice.get_by_label("E-mail").fill(f"{who}@example.org")
    alice.get_by_label("Role").select_option(label=role)
    alice.get_by_role("button", name="Invite").click()
    link = alice.get_by_label("Link").input_value()
    alice.get_by_role("link", name="To the members").click()
    expect(alice.get_by_text(f"{who}@example.org")).to_be_visible()
    newcomer.goto(link)
    newcomer.get_by_label("Your name").fill(who.title())
    newcomer.get_by_label("Password", exact=True).fill(steps.PASSWORD)
    newcomer.get_by_label("Password, again").fill(steps.PASSWORD)
    newcomer.get_by_role("button", name="Join").click()
    expect(newcomer.get_by_role("heading", name="Home")).to_be_visible()


def agent_with_letter(page: Any, name: str, folder: Path) -> str:
    page.goto("/agents")
    steps.new_agent(page, name)
    letter = folder / f"{name}.txt"
    letter.write_text(f"{LETTER}\nKept in: {name}.\n")
    steps.upload(page, letter)
    expect(page.get_by_role("row", name=letter.name)).to_contain_text("Live")
    return str(page.url.removesuffix("/knowledge"))


@pytest.fixture(scope="module")
def house(owner: Open, window: Open, server: Server, tmp_path_factory: pytest.TempPathFactory) -> House:
    expect.set_options(timeout=steps.WAIT)
    folder = tmp_path_factory.mktemp("letters")
    (folder / "password").write_text(steps.PASSWORD)
    windows = {"alice": owner(refused=(422,)), "bob": window(refused=(403,)), "carol": window(), "mallory": window()}
    alice = windows["alice"]
    granted, other = (agent_with_letter(alice, name, folder) for name in ("Lost property", "Letters"))
    invite(alice, "bob", "Builder", windows["bob"])
    invite(alice, "carol", "Chat only", windows["carol"])
    given = ("--owner", "mallory@example.org", "--password-file", str(folder / "password"))
    server.run("team", "create", "Next Door", *given)
    sign_in(windows["mallory"], "mallory")
    return House(windows, granted, other)


def member(page: Any, who: str) -> None:
    page.goto("/members")
    page.get_by_role("link", name=who.title(), exact=True).click()
    expect(page.get_by_role("heading", name=who.title(), level=2)).to_be_visible()


def alice_makes_a_role_with_the_matrix(house: House) -> None:
    page = house.windows["alice"]
    page.goto("/roles")
    seen(page, "list")
    page.get_by_role("link", name="New role").click()
    page.get_by_role("textbox", name="Name").fill(ROLE)
    page.get_by_label("What it is for").fill("Sees how every agent is used, and asks those granted to them.")
    page.get_by_label("See statistics: All", exact=True).check()
    page.get_by_label("Ask; one's own: Granted", exact=True).check()
    page.get_by_label("See the list: Granted", exact=True).check()
    seen(page, "matrix")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name=ROLE).click()
    house.role = page.url
    for chosen in ("See statistics: All", "See that they exist: All", "See the list: Granted"):
        expect(page.get_by_label(chosen, exact=True)).to_be_checked()
    expect(page.get_by_label("See settings: No", exact=True)).to_be_checked()


def carol_sees_the_one_agent_and_her_own_history(house: House) -> None:
    alice, carol = house.windows["alice"], house.windows["carol"]
    alice.goto(f"{house.granted}/people")
    alice.get_by_label("E-mail of a member").fill("carol@example.org")
    alice.get_by_role("button", name="Grant", exact=True).click()
    expect(alice.get_by_role("button", name="Take it back from Carol")).to_be_visible()
    seen(alice, "grant")
    alice.goto(house.granted)
    expect(steps.ask(alice, QUESTION)).to_contain_text("Margaret Holloway")
    house.kept.append(alice.url)

    carol.goto("/agents")
    expect(carol.locator("main")).to_contain_text("Lost property")
    expect(carol.locator("main")).not_to_contain_text("Letters")
    seen(carol, "chat-only-agents")
    rail = carol.get_by_role("navigation", name="Main").get_by_role("listitem").all_inner_texts()
    assert [entry.strip() for entry in rail] == ["Agents", "Conversations"]
    carol.get_by_role("link", name="Lost property").first.click()
    carol.wait_for_url(house.granted)  # loaded, with its script
    turn = steps.ask(carol, QUESTION)
    expect(turn).to_contain_text("herbarium")
    assert "Holloway" not in carol.content()
    seen(carol, "chat-only-answer")
    carol.goto("/conversations")
    expect(carol.locator("main").get_by_role("link", name=re.compile("umbrella"))).to_have_count(1)
    for closed in ("/knowledge", "/character", "/people", "/settings"):
        assert house.status("carol", house.granted + closed) == 403
    for absent in (house.other, *house.kept):
        assert house.status("carol", absent) == 404
    for page in ("/members", "/roles", "/keys", "/team/sign-in"):
        assert house.status("carol", page) == 403


def bob_builds_and_administers_nothing(house: House) -> None:
    bob = house.windows["bob"]
    bob.goto("/agents")
    steps.new_agent(bob, "Bob's notes")
    house.kept.append(bob.url.removesuffix("/knowledge"))
    bob.goto("/members")
    expect(bob.get_by_role("link", name="Invite")).to_have_count(0)
    seen(bob, "builder-members")
    bob.get_by_role("link", name="Carol", exact=True).click()
    expect(bob.get_by_text("Only somebody whose role includes all of this one can change it.")).to_be_visible()
    expect(bob.get_by_role("main").get_by_role("button")).to_have_count(0)
    house.kept.append(bob.url)
    for closed in ("/members/invite", f"{bob.url}/remove", "/roles", house.role, "/team/sign-in"):
        assert house.status("bob", closed) == 403
    assert house.status("bob", house.other) == 200


def nothing_of_it_is_there_for_mallory(house: House) -> None:
    tabs = ("", "/knowledge", "/character", "/safety", "/people", "/settings")
    for address in (*(house.granted + tab for tab in tabs), house.other, house.role, *house.kept):
        assert house.status("mallory", address) == 404, address
        assert house.status("alice", address) == 200, address
    page = house.windows["mallory"]
    for there in ("/agents", "/members", "/conversations"):
        page.goto(there)
        for theirs in ("Lost property", "Letters", "Bob", "Carol", "umbrella"):
            expect(page.get_by_role("main")).not_to_contain_text(theirs)


def a_new_role_holds_at_the_next_click(house: House) -> None:
    alice, bob = house.windows["alice"], house.windows["bob"]
    notes = house.kept[-2]
    bob.goto(f"{notes}/settings")
    bob.get_by_role("textbox", name="Name").fill("Bob's better notes")
    member(alice, "bob")
    seen(alice, "member")
    alice.get_by_text(ROLE, exact=True).check()
    alice.get_by_role("button", name="Change the role").click()
    expect(alice.locator("dl")).to_contain_text(ROLE)
    with bob.expect_response(re.compile("/settings$")) as answer:
        bob.get_by_role("button", name="Rename").click()
    assert answer.value.status == 403
    seen(bob, "refused")
    assert house.status("bob", "/members") == 403
    assert house.status("bob", "/agents/new") == 403


def suspended_and_resumed(house: House) -> None:
    alice, bob = house.windows["alice"], house.windows["bob"]
    member(alice, "bob")
    alice.get_by_role("button", name="Suspend").click()
    expect(alice.get_by_text("Suspended since")).to_be_visible()
    seen(alice, "suspended")
    bob.goto("/agents")
    expect(bob).to_have_url(re.compile("/sign-in"))
    alice.get_by_role("button", name="Resume").click()
    expect(alice.get_by_text("Suspended since")).to_have_count(0)
    sign_in(bob, "bob")


def removed_and_his_agents_are_hers(house: House) -> None:
    alice, bob = house.windows["alice"], house.windows["bob"]
    notes = house.kept[-2]
    bob.goto("/agents")
    member(alice, "bob")
    alice.get_by_role("link", name="Remove").click()
    expect(alice.locator("dl")).to_contain_text(re.compile("Their agents\\s*1"))
    seen(alice, "remove")
    alice.get_by_role("button", name="Remove").click()
    expect(alice.get_by_text("Choose what becomes of it")).to_be_visible()
    alice.get_by_text("Transferred").check()
    alice.get_by_label("New owner").select_option(label="alice@example.org")
    alice.get_by_role("button", name="Remove").click()
    expect(alice.get_by_text("They are out of the team")).to_be_visible()
    expect(alice.get_by_role("link", name="Bob", exact=True)).to_have_count(0)
    bob.get_by_role("link", name="Conversations").click()
    expect(bob).to_have_url(re.compile("/sign-in"))
    sign_in(bob, "bob")
    expect(bob.get_by_text("You are in no team now")).to_be_visible()
    seen(bob, "removed")
    assert house.status("bob", notes) == 404
    alice.goto(f"{notes}/people")
    expect(alice.get_by_role("row", name="alice@example.org")).to_contain_text("Owns it")


def test_roles_of_four_people(house: House) -> None:
    """One story, in this order: a test of each step could find itself in another process than the one before it."""
    alice_makes_a_role_with_the_matrix(house)
    carol_sees_the_one_agent_and_her_own_history(house)
    bob_builds_and_administers_nothing(house)
    nothing_of_it_is_there_for_mallory(house)
    a_new_role_holds_at_the_next_click(house)
    suspended_and_resumed(house)
    removed_and_his_agents_are_hers(house)
