"""Attacker: anybody who can reach the address where a provider says whose session is over; other clients of the same
provider, and other teams that have it; whoever saw a token of it go by. Move: a logout token of their own making, one
that is meant for others, one that was used or is old, an id token in its place, and a logout token in an id token's.
Guarantee: G-162.
"""

import hmac
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.test import Client

from muniment.accounts.services import create_user
from muniment.core.actors import SYSTEM
from muniment.core.clock import frozen, now
from muniment.core.rates import Buckets
from muniment.sso import doors, leaving_by_oidc
from muniment.sso.errors import NotLetInError
from muniment.sso.leaving_by_oidc import sign_out_by_token
from muniment.sso.models import Connection, TakenStatement
from muniment.sso.oidc.errors import Refusal, SignInRefusedError
from muniment.sso.services import switch_connection
from muniment.sso.tasks import forget_used
from muniment.teams.services import add_member
from muniment.teams.types import Role
from tests.cast import Person
from tests.sso.oidc_keys import SigningKey, compact, rsa
from tests.sso.oidc_provider import EVENT, OMITTED, OidcProvider
from tests.sso.signing_in import Providing, begun_at, finish
from tests.sso.team_with_provider import in_session
from tests.sso.test_signing_in_by_oidc import connect, sign_in
from tests.sso.test_signing_out_at_both_by_oidc import is_in, tell

pytestmark = pytest.mark.django_db
MALLORYS = SigningKey(rsa(2), "rsa-1")


@pytest.fixture(autouse=True)
def nobody_asked_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doors, "_buckets", Buckets())
    monkeypatch.setattr(leaving_by_oidc, "_fetches", Buckets())


@pytest.fixture
def provider(oidc: Providing, bob: Person) -> OidcProvider:
    return oidc(claims={"email": bob.user.email, "email_verified": True, "sub": "u-1", "sid": "s-1"})


@pytest.fixture
def connection(alice: Person, provider: OidcProvider) -> Connection:
    return connect(alice, provider)


@pytest.fixture
def browser(connection: Connection, provider: OidcProvider) -> Iterator[Client]:
    """Bob is signed in, whatever a test does; in the end a good token signs him out: the positive control of each."""
    client = Client()
    sign_in(client, connection, provider, str(provider.claims["email"]))
    assert in_session(client) is not None
    yield client
    assert is_in(client)
    assert tell(connection, provider.logout_token()).status_code == 200
    assert not is_in(client)


def refused(connection: Connection, token: str, reason: Refusal) -> None:
    answer = tell(connection, token)
    assert answer.status_code == 400
    assert answer.json()["error"] == "invalid_request"
    assert f"({reason})" in answer.json()["error_description"]
    assert answer["Cache-Control"] == "no-store"


def unsigned(provider: OidcProvider, algorithm: str) -> str:
    payload = provider.logout_token().split(".")[1]
    head = compact({"alg": algorithm, "kid": "rsa-1", "typ": "logout+jwt"}, {}, lambda _: b"x").split(".")[0]
    return f"{head}.{payload}."


def test_a_key_of_somebody_else(connection: Connection, provider: OidcProvider, browser: Client) -> None:
    own, provider.key = provider.key, MALLORYS
    forged = provider.logout_token()
    provider.key = own
    refused(connection, forged, Refusal.SIGNATURE)


@pytest.mark.parametrize("algorithm", ["none", "None", ""])
def test_nobody_signed(connection: Connection, provider: OidcProvider, browser: Client, algorithm: str) -> None:
    refused(connection, unsigned(provider, algorithm), Refusal.ALGORITHM)


def test_the_public_key_is_the_secret(connection: Connection, provider: OidcProvider, browser: Client) -> None:
    public = provider.rsa_key.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    moment = int(now().timestamp())
    said = {"iss": provider.issuer, "aud": provider.client_id, "iat": moment, "exp": moment + 120, "jti": "j"}
    forged = compact(
        {"alg": "HS256", "kid": "rsa-1", "typ": "logout+jwt"},
        said | {"sub": "u-1", "events": {EVENT: {}}},
        lambda content: hmac.digest(public, content, "sha256"),
    )
    refused(connection, forged, Refusal.ALGORITHM)


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"aud": "another client"}, Refusal.AUDIENCE),
        ({"aud": ["muniment", "another client"]}, Refusal.AUDIENCE),
        ({"aud": OMITTED}, Refusal.AUDIENCE),
        ({"iss": "https://id.mallory.example"}, Refusal.ISSUER),
        ({"iss": OMITTED}, Refusal.ISSUER),
        ({"nonce": "n"}, Refusal.NONCE),
        ({"nonce": None}, Refusal.NONCE),
        ({"events": OMITTED}, Refusal.EVENT),
        ({"events": [EVENT]}, Refusal.EVENT),
        ({"events": {}}, Refusal.EVENT),
        ({"events": {EVENT: True}}, Refusal.EVENT),
        ({"events": {EVENT: {}, "https://schemas.openid.net/secevent/risc": {}}}, Refusal.EVENT),
        ({"sub": OMITTED}, Refusal.SUBJECT),
        ({"sub": ["u-1"], "sid": "s-1"}, Refusal.SUBJECT),
        ({"sub": "u-1", "sid": None}, Refusal.SUBJECT),
        ({"sid": "s" * 256}, Refusal.SUBJECT),
        ({"jti": OMITTED}, Refusal.TOKEN),
        ({"jti": ""}, Refusal.TOKEN),
        ({"exp": OMITTED}, Refusal.TOKEN),
        ({"exp": float("1e999")}, Refusal.TOKEN),
        ({"iat": OMITTED}, Refusal.TOKEN),
        ({"more": "x" * 16384}, Refusal.TOKEN),
    ],
)
def test_signed_but_no_such_message_to_us(
    connection: Connection, provider: OidcProvider, browser: Client, claims: dict[str, Any], reason: Refusal
) -> None:
    refused(connection, provider.logout_token(**claims), reason)


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ({"typ": "at+jwt"}, Refusal.TOKEN),
        ({"typ": "secevent+jwt"}, Refusal.TOKEN),
        ({"crit": ["exp"]}, Refusal.TOKEN),
        ({"typ": "JWT"}, None),
        ({"typ": OMITTED}, None),
        ({"typ": "LOGOUT+JWT"}, None),
    ],
)
def test_heads_of_other_tokens(
    connection: Connection, provider: OidcProvider, header: dict[str, Any], reason: Refusal | None
) -> None:
    if reason is not None:
        refused(connection, provider.logout_token(header), reason)
    else:
        assert tell(connection, provider.logout_token(header)).status_code == 200


@pytest.mark.parametrize(
    ("issued", "ends", "reason"),
    [
        (-200, -61, Refusal.EXPIRED),
        (-181, 3600, Refusal.EXPIRED),  # the provider says that it is good for an hour
        (61, 180, Refusal.NOT_YET),
        (-178, 3600, None),
        (-100, -58, None),
        (58, 120, None),
    ],
)
def test_old_ones_and_those_of_tomorrow(
    connection: Connection, provider: OidcProvider, issued: int, ends: int, reason: Refusal | None
) -> None:
    with frozen(now().replace(microsecond=0)):
        moment = int(now().timestamp())
        token = provider.logout_token(iat=moment + issued, exp=moment + ends)
        if reason is not None:
            refused(connection, token, reason)
        else:
            assert tell(connection, token).status_code == 200


def test_one_that_was_used_before(connection: Connection, provider: OidcProvider, browser: Client) -> None:
    once = provider.logout_token()
    assert tell(connection, once).status_code == 200
    assert not is_in(browser)
    sign_in(browser, connection, provider, str(provider.claims["email"]))
    assert tell(connection, once).status_code == 400
    forget_used()
    with pytest.raises(NotLetInError):
        sign_out_by_token(connection=connection, token=once)
    TakenStatement.objects.update(until=now() - timedelta(seconds=1))
    forget_used()
    assert not TakenStatement.objects.exists()  # kept as long as it would be believed, and no longer


def test_an_id_token_says_that_nobody_signed_out(
    connection: Connection, provider: OidcProvider, browser: Client
) -> None:
    """It is the provider's, for us, of Bob, and new: browsers carry it, and logs may hold it."""
    refused(connection, browser.session["sso_visit"]["id_token"], Refusal.NONCE)
    provider.claims |= {"nonce": OMITTED, "jti": "j"}
    refused(connection, provider.id_token({"nonce": ""}), Refusal.EVENT)


@pytest.mark.parametrize(
    ("header", "reason"), [({"typ": "logout+jwt"}, Refusal.TOKEN), ({"typ": "JWT"}, Refusal.NONCE)]
)
def test_a_logout_token_signs_nobody_in(provider: OidcProvider, header: dict[str, Any], reason: Refusal) -> None:
    begun = begun_at(provider)
    assert finish(provider, begun, provider.sign_in(begun.address)).subject == "u-1"  # positive control
    provider.forge = lambda _header, _claims: provider.logout_token(header)
    again = begun_at(provider)
    with pytest.raises(SignInRefusedError) as why:
        finish(provider, again, provider.sign_in(again.address))
    assert why.value.reason is reason


def test_another_team_has_the_same_provider(
    connection: Connection, provider: OidcProvider, browser: Client, mallory: Person
) -> None:
    """The same issuer, client and subject: what ends is of the connection whose address it was posted to."""
    eve = create_user(actor=SYSTEM, email="eve@mallory.example", password="a quiet reading room", name="Eve")
    add_member(actor=mallory.actor, team=mallory.team, user=eve, role=Role.BUILDER)
    theirs, other = connect(mallory, provider, domain="mallory.example"), Client()
    own = provider.claims["email"]
    provider.claims["email"] = eve.email
    sign_in(other, theirs, provider, eve.email)
    provider.claims["email"] = own
    assert is_in(other)
    once = provider.logout_token()
    assert tell(theirs, once).status_code == 200
    assert not is_in(other)
    assert is_in(browser)


def test_the_address_of_another_connection(connection: Connection, provider: OidcProvider, oidc: Providing) -> None:
    stranger = oidc(claims=dict(provider.claims))
    refused(connection, stranger.logout_token(), Refusal.ISSUER)
    stranger.key = MALLORYS
    refused(connection, stranger.logout_token(iss=provider.issuer), Refusal.SIGNATURE)
    assert tell(connection, provider.logout_token()).status_code == 200
    for nowhere in (Connection(pk="a" * 26), Connection(pk=connection.team_id)):
        assert tell(nowhere, provider.logout_token()).status_code == 404


def test_a_connection_that_is_off(connection: Connection, provider: OidcProvider, alice: Person) -> None:
    switch_connection(actor=alice.actor, connection=connection.pk, on=False)
    assert tell(connection, provider.logout_token()).status_code == 400
    switch_connection(actor=alice.actor, connection=connection.pk, on=True)
    assert tell(connection, provider.logout_token()).status_code == 200


@pytest.mark.parametrize("body", ["", "logout_token=x", "other={0}", "logout_token={0}&logout_token={0}"])
def test_no_token_at_all_and_two(connection: Connection, provider: OidcProvider, browser: Client, body: str) -> None:
    path = f"/sso/oidc/{connection.pk}/backchannel-logout"
    sent = body.format(provider.logout_token())
    answer = Client().post(path, sent, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 400
    assert Client().get(f"{path}?logout_token={provider.logout_token()}").status_code == 405


def test_invented_keys_have_the_provider_asked_once(
    connection: Connection, provider: OidcProvider, browser: Client
) -> None:
    """Minutes after the last fetch. Where the provider has no answer, it is asked a few times in a minute."""
    provider.asked.clear()
    with frozen(now() + timedelta(minutes=2)):
        for number in range(5):
            refused(connection, provider.logout_token({"kid": f"invented-{number}"}), Refusal.KEY)
    assert provider.asked == ["GET /keys"]
    provider.asked.clear()
    provider.raw["/keys"] = (500, "application/json", b"{}", {})
    with frozen(now() + timedelta(hours=2)):
        answers = [tell(connection, provider.logout_token()) for _ in range(10)]
    assert {answer.status_code for answer in answers} == {400}
    assert provider.asked == ["GET /keys"] * 5  # six in a minute, with the one above
    provider.raw.clear()


def test_a_storm_of_tokens(connection: Connection, provider: OidcProvider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doors, "A_MINUTE", 3)
    assert [tell(connection, "x").status_code for _ in range(3)] == [400] * 3
    assert tell(connection, provider.logout_token()).status_code == 429
