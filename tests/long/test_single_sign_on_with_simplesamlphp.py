"""SimpleSAMLphp, and us, each set up from the other's metadata: signing in and out, begun here and there."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.long.identity_providers.simplesamlphp import SimpleSamlPhp, running
from tests.long.signing_on import Addresses, Team, is_in, lead, posted, sign_out, team_of_alice

pytestmark = pytest.mark.long


@dataclass(frozen=True)
class Both:
    team: Team
    provider: SimpleSamlPhp
    own: Addresses
    converted: str

    def set_up(self, **options: str) -> None:
        """As the guide says, and `options`."""
        told = {"validate.authnrequest": "true", "simplesaml.nameidattribute": "'mail'"} | options
        self.provider.trust(self.converted, **told)

    def signed_in(self) -> Any:
        page = self.team.window()
        lead(page, "bob@example.org")
        self.provider.sign_in(page, "bob")
        is_in(page, "Bob Builder")
        return page


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    with (
        running(tmp_path_factory.mktemp("provider")) as provider,
        team_of_alice(tmp_path_factory.mktemp("ours"), hosts=(provider.host,)) as team,
    ):
        own = team.connect("SimpleSAMLphp", "SAML 2.0")
        team.describe(own, url=provider.metadata)
        team.switch_on(own)
        yield Both(team, provider, own, provider.convert(team.window(), team.our_metadata(own)))


@pytest.fixture
def both(pair: Both) -> Both:
    pair.set_up()
    return pair


def test_somebody_signs_in(both: Both) -> None:
    page = both.team.window()
    lead(page, "bob@example.org", after="/members")
    page.wait_for_url(f"{both.provider.host}/**")
    both.provider.sign_in(page, "bob")
    is_in(page, "Bob Builder")
    assert urlsplit(page.url).path == "/members"


def test_it_checks_that_we_signed_the_request(both: Both) -> None:
    """The control of all others: it would not take a request that somebody changed under way."""
    page, sent = both.team.window(), ""

    def change(route: Any) -> None:
        nonlocal sent
        sent = route.request.url
        route.continue_(url=sent.replace("&RelayState=", "&RelayState=x", 1))

    page.route(f"{both.provider.address}/saml2/idp/SSOService.php?**", change)
    lead(page, "bob@example.org")
    expect(page.locator("body")).to_contain_text("Unable to validate signature")
    assert "&Signature=" in sent


def test_an_encrypted_assertion(both: Both) -> None:
    both.set_up(assertion_encryption="true")
    page = both.team.window()
    last = posted(page, both.own["acs"])
    lead(page, "bob@example.org")
    both.provider.sign_in(page, "bob")
    is_in(page, "Bob Builder")
    assert "<saml:EncryptedAssertion" in last()
    assert "bob@example.org" not in last()


def test_who_is_of_no_proven_domain_stays_out(both: Both) -> None:
    page = both.team.window(refused=(403,))
    lead(page, "bob@example.org")
    both.provider.sign_in(page, "eve")
    expect(page.get_by_text("in no domain that your team has proven")).to_be_visible()


def test_it_begins_only_where_the_team_lets_it(both: Both) -> None:
    both.team.let_provider_begin(both.own, on=False)
    page = both.team.window(refused=(400,))
    page.goto(both.provider.begin_here(both.own["entity-id"]))
    both.provider.sign_in(page, "bob")
    expect(page.get_by_text("This browser did not ask for that")).to_be_visible()
    both.team.let_provider_begin(both.own, on=True)
    page.goto(both.provider.begin_here(both.own["entity-id"]))
    is_in(page, "Bob Builder")


def test_signing_out_here_signs_out_there(both: Both) -> None:
    page = both.signed_in()
    lead_again = both.provider.begin_here(both.own["entity-id"])
    sign_out(page, "Bob Builder")
    expect(page.get_by_text("Here, and at your provider.")).to_be_visible()
    page.goto(lead_again)
    expect(page.locator("input[name=password]")).to_be_visible()


def test_signing_out_there_signs_out_here(both: Both) -> None:
    page = both.signed_in()
    other = page.context.new_page()
    other.goto(both.provider.sign_out_here)
    other.wait_for_url(f"{both.provider.address}/logout.php")
    page.goto("/members")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_who_confirms_is_asked_there_anew(both: Both) -> None:
    page = both.signed_in()
    page.goto("/sso/confirm?next=/profile/security")
    both.provider.sign_in(page, "bob")
    page.wait_for_url("**/profile/security")
    is_in(page, "Bob Builder")


def test_a_trial_shows_what_it_says(both: Both) -> None:
    page = both.team.owner
    page.goto(both.own.page)
    page.get_by_role("button", name="Test connection").click()
    both.provider.sign_in(page, "bob")
    expect(page.get_by_text("The connection works")).to_be_visible()
    expect(page.get_by_text("Readers, Builders").first).to_be_visible()
    page.goto("/")
    is_in(page, "alice@example.org")


def test_its_metadata_are_read_again(both: Both) -> None:
    page = both.team.owner
    page.goto(both.own.page)
    page.get_by_role("button", name="Read the metadata now").click()
    expect(page.get_by_text("The metadata are read.")).to_be_visible()
