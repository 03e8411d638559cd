"""A team that has proven example.org signs in by real providers: our server, its pages and real browsers, on loopback.

Alice owns it and sets its connections up by the pages; whoever the provider sends for the first time becomes a member.
"""

from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import expect

from tests.journeys import steps
from tests.journeys.server import Server, running
from tests.look import preview
from tests.name_server import Zones, name_server_here

DOMAIN = "example.org"
WAIT = 30_000  # milliseconds


@dataclass(frozen=True)
class Addresses:
    """Of a connection, as its page shows them: what is entered at the provider."""

    page: str
    ids: dict[str, str]

    def __getitem__(self, name: str) -> str:
        """`acs`, `entity-id`, `sls`; or `callback`, `signed-out`, `backchannel-logout`."""
        return self.ids[name]


@dataclass
class Team:
    server: Server
    chromium: Any
    complaints: list[str] = field(default_factory=list)
    contexts: list[Any] = field(default_factory=list)
    owner: Any = None

    def window(self, *, refused: tuple[int, ...] = ()) -> Any:
        """A browser of its own, signed out. What its console says of pages of ours, fails the test; but for answers
        with a status in `refused`.
        """
        context = self.chromium.new_context(base_url=self.server.address, reduced_motion="reduce")
        context.set_default_timeout(WAIT)
        page = context.new_page()
        page.on("console", lambda said: self._listen(said, tuple(f"status of {one}" for one in refused)))
        self.contexts.append(context)
        return page

    def _listen(self, said: Any, expected: tuple[str, ...]) -> None:
        ours = str(said.location.get("url", "")).startswith(self.server.address)
        if said.type == "error" and ours and not any(words in said.text for words in expected):
            self.complaints.append(said.text)

    def prove(self, zones: Zones) -> None:
        page = self.owner
        page.goto("/profile/sso")
        page.get_by_label("Domain", exact=True).fill(DOMAIN)
        page.get_by_role("button", name="Add the domain").click()
        name, value = (one.inner_text() for one in page.locator("span.key").all())
        zones.records[name] = [value]
        page.get_by_role("button", name="Look now").click()
        expect(page.get_by_text("verified", exact=False).first).to_be_visible()

    def connect(self, name: str, protocol: str) -> Addresses:
        page = self.owner
        page.goto("/profile/sso/new")
        page.get_by_label("Name", exact=True).fill(name)
        page.get_by_label("How it speaks").select_option(label=protocol)
        page.get_by_role("button", name="Continue").click()
        expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
        shown = {one.get_attribute("id"): one.inner_text() for one in page.locator("span.key").all()}
        return Addresses(urlsplit(page.url).path, shown)

    def describe(self, own: Addresses, by: str = "", **given: str) -> None:
        """Fills the page of the provider: its fields by their names."""
        page = self.owner
        page.goto(f"{own.page}/provider?by={by}")
        for name, value in given.items():
            place = page.locator(f"[name={name}]")
            if place.evaluate("one => one.tagName") == "SELECT":
                place.select_option(value)
            elif place.get_attribute("type") == "checkbox":
                place.check()
            else:
                place.fill(value)
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Saved. Try it before you switch it on.")).to_be_visible()

    def switch_on(self, own: Addresses) -> None:
        self.owner.goto(own.page)
        self.owner.get_by_role("button", name="Switch on").click()
        expect(self.owner.get_by_text("It is on.")).to_be_visible()

    def switch_off(self, own: Addresses) -> None:
        self.owner.goto(own.page)
        self.owner.get_by_role("button", name="Switch off").click()
        expect(self.owner.get_by_text("It is off.")).to_be_visible()

    def our_metadata(self, own: Addresses) -> str:
        self.owner.goto(own.page)
        with self.owner.expect_download() as download:
            self.owner.get_by_role("link", name="Download our metadata").click()
        return str(download.value.path().read_text())

    def let_provider_begin(self, own: Addresses, *, on: bool) -> None:
        self.owner.goto(own.page)
        self.owner.get_by_label("Also from a tile at the provider").set_checked(on)
        self.owner.get_by_role("button", name="Save").click()
        expect(self.owner.get_by_text("Saved.")).to_be_visible()

    def take_in_who_is_new(self) -> None:
        self.owner.goto("/profile/sso/people")
        self.owner.get_by_label("Make an account for who signs in for the first time").check()
        self.owner.get_by_role("button", name="Save").click()
        expect(self.owner.get_by_label("Make an account for who signs in for the first time")).to_be_checked()


def lead(page: Any, email: str, after: str = "") -> None:
    """To the provider, as whoever types an address is led."""
    page.goto(f"/sign-in/organisation?next={after}")
    page.get_by_label("E-mail").fill(email)
    page.get_by_role("button", name="Continue").click()


def is_in(page: Any, name: str) -> None:
    expect(page.get_by_role("button", name=f"Account of {name}")).to_be_visible()


def sign_out(page: Any, name: str) -> None:
    page.get_by_role("button", name=f"Account of {name}").click()
    page.get_by_role("button", name="Sign out").click()


def posted(page: Any, address: str) -> Callable[[], str]:
    """Watches for what the provider has the browser post to an address of ours: gives the last message, decoded."""
    seen: list[str] = []

    def note(request: Any) -> None:
        if request.method == "POST" and request.url == address:
            seen.extend(parse_qs(request.post_data)["SAMLResponse"])

    page.on("request", note)
    return lambda: b64decode(seen[-1]).decode()


@contextmanager
def team_of_alice(folder: Path, *, hosts: tuple[str, ...]) -> Iterator[Team]:
    """`hosts`: the providers, which the operator lists because they are on no public network."""
    with name_server_here() as names:
        place = f"{names.place.address}:{names.place.port}"
        settings = {"MUNIMENT_NAME_SERVERS": place, "MUNIMENT_INTERNAL_HOSTS": " ".join(hosts)}
        with running(folder, **settings) as server, preview.browser() as chromium:
            team = Team(server, chromium)
            team.owner = team.window()
            steps.claim(team.owner, server.setup_link())
            team.owner.goto("/profile/sso/new")
            steps.confirm(team.owner)
            team.prove(names.zones)
            team.take_in_who_is_new()
            yield team
            for context in team.contexts:
                context.close()
            assert team.complaints == []
