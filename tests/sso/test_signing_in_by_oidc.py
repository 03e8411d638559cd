"""The same by OpenID Connect: set up by what the provider publishes, then sign-ins by a real one on the loopback."""

from typing import Any

import pytest
from django.test import Client

from muniment.core.permissions import Permission
from muniment.sso.errors import ConnectionSetUpError
from muniment.sso.models import Connection, Identity
from muniment.sso.models import OidcProvider as Kept
from muniment.sso.oidc_speaking import callback_url
from muniment.sso.services import OidcDraft, create_connection, set_oidc, switch_connection
from muniment.sso.types import Protocol
from tests.cast import Person
from tests.sso.oidc_provider import OidcProvider
from tests.sso.signing_in import Providing
from tests.sso.team_with_provider import in_session, led_to, prove

pytestmark = pytest.mark.django_db


def connect(owner: Person, provider: OidcProvider, *, domain: str = "example.org") -> Connection:
    prove(owner.team, domain)
    made = create_connection(actor=owner.actor, protocol=Protocol.OIDC, name="Acme")
    draft = OidcDraft(provider.issuer, provider.client_id, provider.client_secret)
    set_oidc(actor=owner.actor, connection=made.pk, draft=draft)
    switch_connection(actor=owner.actor, connection=made.pk, on=True)
    return Connection.objects.select_related("oidc").get(pk=made.pk)


def sign_in(client: Client, connection: Connection, provider: OidcProvider, email: str) -> Any:
    page = client.post("/sign-in/organisation", {"email": email})
    query = provider.sign_in(led_to(page))
    return client.get(f"/sso/oidc/{connection.pk}/callback?{query}")


def test_a_member_comes_by_the_provider(alice: Person, bob: Person, oidc: Providing) -> None:
    provider = oidc(claims={"email": bob.user.email, "email_verified": True, "sub": "u-1"})
    connection = connect(alice, provider)
    browser = Client()
    assert sign_in(browser, connection, provider, bob.user.email)["Location"] == "/"
    assert in_session(browser) == bob.user
    assert browser.session["opened_by"] == alice.team.pk
    assert Identity.objects.get().subject == "u-1"


@pytest.mark.parametrize("said", [{}, {"email_verified": False}, {"email_verified": "true"}, {"email_verified": 1}])
def test_an_address_that_is_not_said_to_be_verified_links_nobody(
    alice: Person, bob: Person, oidc: Providing, said: dict[str, object]
) -> None:
    provider = oidc(claims={"email": bob.user.email, "sub": "u-1", **said})
    connection = connect(alice, provider)
    browser = Client()
    assert sign_in(browser, connection, provider, bob.user.email).status_code == 403
    assert in_session(browser) is None


def test_userinfo_says_that_the_address_of_the_id_token_is_verified(
    alice: Person, bob: Person, oidc: Providing
) -> None:
    provider = oidc(claims={"email": bob.user.email, "sub": "u-1"})
    connection = connect(alice, provider)
    told = {"sub": "u-1", "email_verified": True}
    for email, status in (("another@example.org", 403), (bob.user.email, 302)):
        provider.userinfo = told | {"email": email}
        assert sign_in(Client(), connection, provider, bob.user.email).status_code == status


def test_an_answer_counts_once_and_in_the_browser_that_was_sent(alice: Person, bob: Person, oidc: Providing) -> None:
    provider = oidc(claims={"email": bob.user.email, "email_verified": True, "sub": "u-1"})
    connection = connect(alice, provider)
    browser, stranger = Client(), Client()
    page = browser.post("/sign-in/organisation", {"email": bob.user.email})
    address = f"/sso/oidc/{connection.pk}/callback?{provider.sign_in(led_to(page))}"
    assert stranger.get(address).status_code == 400
    assert browser.get(address).status_code == 302
    assert Client().get(address).status_code == 400


def test_the_secret_is_sealed_and_goes_to_no_other_provider(alice: Person, oidc: Providing) -> None:
    first, second = oidc(), oidc()
    connection = connect(alice, first)
    sealed = bytes(Kept.objects.get().sealed_secret or b"")
    assert first.client_secret.encode() not in sealed
    draft = OidcDraft(second.issuer, second.client_id, None)
    with pytest.raises(ConnectionSetUpError, match="typed for another provider"):
        set_oidc(actor=alice.actor, connection=connection.pk, draft=draft)
    set_oidc(actor=alice.actor, connection=connection.pk, draft=OidcDraft(first.issuer, first.client_id, None))
    assert bytes(Kept.objects.get().sealed_secret or b"") == sealed


def test_another_provider_knows_nobody_of_the_first(alice: Person, bob: Person, oidc: Providing) -> None:
    claims = {"email": bob.user.email, "email_verified": True, "sub": "u-1"}
    first, second = oidc(claims=claims), oidc(claims=claims)
    connection = connect(alice, first)
    browser = Client()
    sign_in(browser, connection, first, bob.user.email)
    draft = OidcDraft(second.issuer, second.client_id, second.client_secret)
    set_oidc(actor=alice.actor, connection=connection.pk, draft=draft)
    assert not Identity.objects.exists()
    assert browser.get("/agents").status_code == 302


def test_a_provider_that_does_not_answer_says_so(alice: Person, oidc: Providing) -> None:
    provider = oidc()
    connection = connect(alice, provider)
    Kept.objects.update(discovered_at=None)
    provider.close()
    answer = Client().post("/sign-in/organisation", {"email": "eve@example.org"})
    assert answer.status_code == 503
    assert connection.is_on


def test_its_address_stands_on_its_page(alice: Person, oidc: Providing) -> None:
    connection = connect(alice, oidc())
    assert alice.actor.holds(Permission.CONNECTION_UPDATE)
    assert callback_url(connection.pk) in alice.client.get(f"/profile/sso/connections/{connection.pk}").content.decode()
