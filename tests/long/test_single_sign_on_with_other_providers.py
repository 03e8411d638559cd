"""Providers on other stacks than ours, each set up by the pages, and somebody who signs in by it in a browser."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.server import free_port
from tests.long.identity_providers import others
from tests.long.signing_on import Addresses, Team, is_in, lead, posted, sign_out, team_of_alice

pytestmark = pytest.mark.long


@dataclass(frozen=True)
class Ready:
    team: Team
    port: int

    @property
    def host(self) -> str:
        return others.host(self.port)


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ready]:
    """A port for the provider of the test, which the operator lists."""
    port = free_port()
    with team_of_alice(tmp_path_factory.mktemp("ours"), hosts=(others.host(port),)) as team:
        yield Ready(team, port)


@pytest.fixture
def connect(ready: Ready) -> Iterator[Callable[[str, str], Addresses]]:
    """Makes the one connection that is on until the test ends."""
    made: list[Addresses] = []

    def connected(name: str, protocol: str) -> Addresses:
        made.append(ready.team.connect(name, protocol))
        return made[0]

    yield connected
    ready.team.switch_off(made[0])


def test_samlp(ready: Ready, connect: Callable[[str, str], Addresses], tmp_path: Path) -> None:
    team, own = ready.team, connect("samlp", "SAML 2.0")
    with others.samlp(tmp_path, ready.port, acs=own["acs"], entity_id=own["entity-id"]):
        team.describe(own, url=f"{ready.host}/metadata")
        team.switch_on(own)
        page = team.window()
        last = posted(page, own["acs"])
        lead(page, "sam@example.org")
        is_in(page, "Sam Scribe")
        assert last().count("<SignatureValue>") == 2


def test_pysaml2(ready: Ready, connect: Callable[[str, str], Addresses], tmp_path: Path) -> None:
    team, own = ready.team, connect("pysaml2", "SAML 2.0")
    with others.pysaml2(tmp_path, ready.port, metadata=team.our_metadata(own)):
        document = team.window().request.get(f"{ready.host}/metadata").text()
        team.describe(own, by="document", pasted=document)
        team.switch_on(own)
        page = team.window()
        lead(page, "pia@example.org")
        is_in(page, "Pia Press")


def test_oidc_provider(ready: Ready, connect: Callable[[str, str], Addresses], tmp_path: Path) -> None:
    """It asks again for who confirms, and says when it did; what a sign-in says comes by userinfo. Signing out here
    leads to it and back; whom it signs out itself, it tells us of.
    """
    team, own = ready.team, connect("oidc-provider", "OpenID Connect")
    told = {"redirect": own["callback"], "signed_out": own["signed-out"], "backchannel": own["backchannel-logout"]}
    with others.oidc_provider(tmp_path, ready.port, **told):
        given = {"issuer": ready.host, "client_id": "muniment", "secret": others.SECRET}
        team.describe(own, **given, scopes="groups")
        team.switch_on(own)
        page = team.window()
        lead(page, "olga@example.org")
        type_name(page, "olga")
        page.get_by_role("button", name="Continue").click()  # consent
        is_in(page, "Olga Owl")
        page.goto("/sso/confirm?next=/profile/security")
        type_name(page, "olga")
        page.wait_for_url("**/profile/security")
        is_in(page, "Olga Owl")
        sign_out(page, "Olga Owl")
        leave(page)
        expect(page.get_by_text("Here, and at your provider.")).to_be_visible()
        lead(page, "olga@example.org")
        type_name(page, "olga")  # it asks again: its own session ended
        page.get_by_role("button", name="Continue").click()
        is_in(page, "Olga Owl")
        elsewhere = page.context.new_page()
        elsewhere.goto(f"{ready.host}/session/end")
        leave(elsewhere)
        elsewhere.wait_for_url("**/session/end/success")
        page.goto("/members")
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_nanoidp(ready: Ready, connect: Callable[[str, str], Addresses], tmp_path: Path) -> None:
    team, own = ready.team, connect("nanoidp", "OpenID Connect")
    with others.nanoidp(tmp_path, ready.port, redirect=own["callback"]):
        given = {"issuer": ready.host, "client_id": "muniment", "secret": others.PLAIN_SECRET}
        team.describe(own, **given, client_auth="client_secret_basic")
        team.switch_on(own)
        page = team.window()
        lead(page, "nan@example.org")
        page.locator("input[name=username]").fill("nan")
        page.locator("input[name=password]").fill(others.PASSWORD)
        page.locator("input[name=password]").press("Enter")
        is_in(page, "nan@example.org")


def leave(page: Any) -> None:
    page.get_by_role("button", name="Yes, sign me out").click()


def type_name(page: Any, name: str) -> None:
    page.locator("input[name=login]").fill(name)
    page.locator("input[name=password]").fill("anything")
    page.get_by_role("button", name="Sign-in").click()
