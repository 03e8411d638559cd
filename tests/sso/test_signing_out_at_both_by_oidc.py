"""The same by OpenID Connect: signing out here leads to the provider and back; the provider says by itself, without a
browser, whose session is over.
"""

import json
from html import unescape
from re import DOTALL, findall, search
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from django.test import Client

from muniment.accounts.models import Session
from muniment.accounts.sessions import SessionStore
from muniment.audit.models import Entry
from muniment.audit.services import checkpoint_now
from muniment.sso.forms import OidcForm
from muniment.sso.models import ChatSession, Connection, Visit
from muniment.sso.oidc_speaking import backchannel_logout_url, signed_out_url
from muniment.sso.services import set_oidc
from tests.cast import Person
from tests.sso.oidc_provider import OMITTED, OidcProvider
from tests.sso.signing_in import Providing
from tests.sso.team_with_chat import Asking
from tests.sso.team_with_provider import in_session, led_to
from tests.sso.test_chat_users_come_by_oidc import arrive, opened, sent
from tests.sso.test_signing_in_by_oidc import connect, sign_in

pytestmark = pytest.mark.django_db
EVE = {"sub": "u-2", "email": "eve@example.org", "email_verified": True, "groups": ["staff"], "sid": "s-1"}


@pytest.fixture
def provider(oidc: Providing, bob: Person) -> OidcProvider:
    return oidc(claims={"email": bob.user.email, "email_verified": True, "sub": "u-1", "sid": "s-1"})


@pytest.fixture
def connection(alice: Person, provider: OidcProvider) -> Connection:
    return connect(alice, provider)


def came(connection: Connection, provider: OidcProvider, **claims: Any) -> Client:
    """A browser in which Bob is signed in."""
    browser = Client()
    provider.claims |= claims
    sign_in(browser, connection, provider, str(provider.claims["email"]))
    assert in_session(browser) is not None
    return browser


def led_away(page: Any) -> tuple[str, dict[str, str]]:
    """Where a page leads on, and with what in the address."""
    address, _, query = led_to(page).partition("?")
    return address, dict(parse_qsl(query))


def posted(page: Any) -> tuple[str, dict[str, str]]:
    """The form by which a page leads on."""
    text = page.content.decode()
    form = search(r'<form method="post" action="([^"]+)" data-leading>(.*?)</form>', text, DOTALL)
    assert form, text
    fields = findall(r'name="([^"]+)" value="([^"]*)"', form[2])
    return unescape(form[1]), {name: unescape(value) for name, value in fields}


def tell(connection: Connection, token: str) -> Any:
    """As the provider does: no browser, no cookie, no security token of a form."""
    body = urlencode({"logout_token": token})
    client = Client(enforce_csrf_checks=True)
    path = f"/sso/oidc/{connection.pk}/backchannel-logout"
    return client.post(path, body, content_type="application/x-www-form-urlencoded")


def back(connection: Connection, **query: str) -> str:
    return f"/sso/oidc/{connection.pk}/signed-out?{urlencode(query)}"


def describe(owner: Person, connection: Connection, provider: OidcProvider, **more: str) -> None:
    form = OidcForm({"issuer": provider.issuer, "client_id": provider.client_id} | more)
    assert form.is_valid()
    set_oidc(actor=owner.actor, connection=connection.pk, draft=form.draft())


def is_in(browser: Client) -> bool:
    return browser.get("/agents").status_code == 200


def test_signing_out_here_leads_to_the_provider_and_back(connection: Connection, provider: OidcProvider) -> None:
    browser = came(connection, provider)
    page = browser.post("/sign-out")
    assert in_session(browser) is None
    address, fields = led_away(page)
    assert address == f"{provider.issuer}/end"
    assert fields["client_id"] == provider.client_id
    assert fields["post_logout_redirect_uri"] == signed_out_url(connection.pk)
    assert fields["id_token_hint"].count(".") == 2
    assert "Here, and at your provider" in browser.get(back(connection, state=fields["state"])).content.decode()


def test_it_is_said_once_and_in_the_browser_that_was_led_away(connection: Connection, provider: OidcProvider) -> None:
    browser = came(connection, provider)
    _, fields = led_away(browser.post("/sign-out"))
    right = back(connection, state=fields["state"])
    for stranger, address in ((Client(), right), (browser, back(connection, state="x")), (browser, back(connection))):
        assert stranger.get(address)["Location"] == "/sign-in"
    assert browser.get(right).status_code == 200  # positive control
    assert browser.get(right)["Location"] == "/sign-in"


def test_the_way_back_signs_nobody_out(connection: Connection, provider: OidcProvider) -> None:
    browser = came(connection, provider)
    assert browser.get(back(connection, state="x"))["Location"] == "/sign-in"
    assert is_in(browser)


def test_an_address_keeps_what_is_in_it(alice: Person, connection: Connection, provider: OidcProvider) -> None:
    provider.metadata["end_session_endpoint"] = f"{provider.issuer}/end?tenant=a"
    describe(alice, connection, provider)
    address, fields = led_away(came(connection, provider).post("/sign-out"))
    assert address == f"{provider.issuer}/end"
    assert {"tenant", "client_id", "id_token_hint"} <= fields.keys()


def test_a_provider_that_takes_a_form_is_asked_by_one(
    alice: Person, connection: Connection, provider: OidcProvider
) -> None:
    describe(alice, connection, provider, signs_out_by_form="on")
    browser = came(connection, provider)
    page = browser.post("/sign-out")
    address, fields = posted(page)
    assert address == f"{provider.issuer}/end"
    assert fields["id_token_hint"].count(".") == 2
    assert f"form-action 'self' {provider.issuer}" in page["Content-Security-Policy"]
    assert browser.get(back(connection, state=fields["state"])).status_code == 200


@pytest.mark.parametrize(("more", "kept"), [("", True), ("x" * 4096, False)])
def test_an_id_token_that_is_too_long_is_not_kept(
    connection: Connection, provider: OidcProvider, more: str, kept: bool
) -> None:
    browser = came(connection, provider, more=more)
    assert bool(browser.session["sso_visit"]["id_token"]) is kept
    assert ("id_token_hint" in led_away(browser.post("/sign-out"))[1]) is kept


def test_the_id_token_ends_with_the_session(connection: Connection, provider: OidcProvider) -> None:
    browser = came(connection, provider)
    _, fields = led_away(browser.post("/sign-out"))
    left = [SessionStore().decode(session.session_data) for session in Session.objects.all()]
    assert fields["state"] in str(left)  # positive control
    assert fields["id_token_hint"] not in str(left)


def test_a_provider_without_such_an_address_is_not_asked(connection: Connection, provider: OidcProvider) -> None:
    connection.oidc.discovered["end_session_endpoint"] = ""
    connection.oidc.save()
    assert came(connection, provider).post("/sign-out")["Location"] == "/sign-in"


def test_a_provider_that_is_down_keeps_nobody_signed_in(connection: Connection, provider: OidcProvider) -> None:
    browser = came(connection, provider)
    connection.oidc.refresh_from_db()
    connection.oidc.discovered_at = None
    connection.oidc.save()
    provider.close()
    assert led_away(browser.post("/sign-out"))[0] == f"{provider.issuer}/end"
    assert in_session(browser) is None


@pytest.mark.parametrize(
    ("named", "ended"),
    [
        ({"sid": OMITTED}, [True, True]),
        ({"sid": "s-1"}, [True, False]),
        ({"sid": "s-1", "sub": OMITTED}, [True, False]),
        ({"sid": "s-3"}, [False, False]),
        ({"sid": "s-1", "sub": "u-9"}, [False, False]),
    ],
)
def test_the_provider_ends_sessions_it_opened(
    connection: Connection, provider: OidcProvider, named: dict[str, Any], ended: list[bool]
) -> None:
    first, second = came(connection, provider), came(connection, provider, sid="s-2")
    answer = tell(connection, provider.logout_token(**named))
    assert (answer.status_code, answer.content, answer["Cache-Control"]) == (200, b"{}", "no-store")
    assert [not is_in(browser) for browser in (first, second)] == ended
    checkpoint_now()
    (entry,) = Entry.objects.filter(kind="team:identity:sign_out")
    body = json.loads(entry.body)
    assert (body["subject"], body["facts"]) == (connection.pk, {"sessions": sum(ended)})


def test_a_session_the_provider_never_named_ends_with_any_of_its_person(
    connection: Connection, provider: OidcProvider
) -> None:
    browser = came(connection, provider, sid=OMITTED)
    assert tell(connection, provider.logout_token(sid="s-7", sub=OMITTED)).status_code == 200
    assert is_in(browser)
    assert tell(connection, provider.logout_token(sid="s-7")).status_code == 200
    assert not is_in(browser)


def test_who_confirmed_in_another_session_there_goes_with_that_one(
    connection: Connection, provider: OidcProvider
) -> None:
    browser = came(connection, provider)
    provider.claims["sid"] = "s-2"
    query = provider.sign_in(led_to(browser.get("/sso/confirm")))
    assert browser.get(f"/sso/oidc/{connection.pk}/callback?{query}").status_code == 302
    assert Visit.objects.get().session_index == "s-2"
    tell(connection, provider.logout_token(sid="s-1"))
    assert is_in(browser)
    tell(connection, provider.logout_token(sid="s-2"))
    assert not is_in(browser)


def test_keys_are_fetched_anew_where_the_provider_changed_them(connection: Connection, provider: OidcProvider) -> None:
    browser = came(connection, provider)
    provider.rotate()
    assert tell(connection, provider.logout_token()).status_code == 400  # fetched a moment ago: not asked again
    assert is_in(browser)
    connection.oidc.refresh_from_db()
    connection.oidc.keys = None
    connection.oidc.save()
    assert tell(connection, provider.logout_token()).status_code == 200
    assert not is_in(browser)


@pytest.mark.usefixtures("transactional_db")
def test_a_chat_user_signs_out_at_both(alice: Person, oidc: Providing, consent: Asking) -> None:
    provider = oidc(claims=EVE)
    connection, address = opened(alice, provider)
    client = Client()
    arrive(client, connection, provider.sign_in(sent(client, connection, address)))
    token = ChatSession.objects.get().id_token
    _, fields = led_away(client.post(f"{address}/sign-out"))
    assert (fields["id_token_hint"], ChatSession.objects.count()) == (token, 0)
    page = client.get(back(connection, state=fields["state"])).content.decode()
    assert "Here, and at your provider" in page
    assert f'href="{address}"' in page


@pytest.mark.usefixtures("transactional_db")
def test_the_provider_ends_the_session_of_a_chat_user(alice: Person, oidc: Providing, consent: Asking) -> None:
    provider = oidc(claims=EVE)
    connection, address = opened(alice, provider)
    client = Client()
    arrive(client, connection, provider.sign_in(sent(client, connection, address)))
    for named, left in (({"sid": "s-2"}, 1), ({"sub": "u-3"}, 1), ({"sid": "s-1", "sub": OMITTED}, 0)):
        assert tell(connection, provider.logout_token(**named)).status_code == 200
        assert ChatSession.objects.filter(until=None).count() == left
    assert client.get(f"{address}/conversations")["Location"] == address


def test_both_addresses_stand_on_the_page_of_the_connection(alice: Person, connection: Connection) -> None:
    page = alice.client.get(f"/profile/sso/connections/{connection.pk}").content.decode()
    assert signed_out_url(connection.pk) in page
    assert backchannel_logout_url(connection.pk) in page
