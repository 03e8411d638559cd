"""Attacker: has Bob's password, or a cookie of his browser from before. Move: goes past the second step, by another
address, with what the browser once was trusted with, or by not setting up what the team demands. Guarantee: G-46."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from muniment.accounts.models import Passkey, TrustedBrowser
from muniment.core.clock import frozen, now
from muniment.core.errors import PermissionDeniedError
from muniment.teams.services import set_sign_in_policy
from tests.accounts.second_factors import Phone, confirm, enable, first_step, second_step
from tests.accounts.security_key import options, registered, sign_in_with
from tests.accounts.signing_in import is_signed_in, sign_in
from tests.cast import PASSWORD, Person

NEW = "another quiet room at dawn"
LATER = timedelta(minutes=2)
OPEN = {"/passkey/options", "/healthz", "/readyz", "/invitation", "/openapi.json"}  # and /sign-…: asked by anybody
OPEN |= {"/scim/v2", "/scim/v2/"}  # opened by a token, never by a session


def plain_addresses() -> list[str]:
    """Every address of the product without a name of a thing in it."""
    found = [
        f"/{pattern.pattern}"
        for room in get_resolver().url_patterns
        if isinstance(room, URLResolver)
        for pattern in room.url_patterns
        if isinstance(pattern, URLPattern)
    ]
    return [address for address in found if "<" not in address]


def test_no_page_opens_between_the_steps(bob: Person) -> None:
    phone = enable(bob)
    client = first_step(bob)
    asked = [one for one in plain_addresses() if one not in OPEN and not one.startswith("/sign-in")]
    assert len(asked) > 15
    for address in asked:
        for answer in (client.get(address), client.post(address)):
            assert answer.status_code in {404, 405} or answer.headers["Location"].startswith("/sign-in"), address
    assert second_step(client, phone.codes[0]).status_code == 302
    assert is_signed_in(client)


def test_the_second_step_is_there_after_the_first_alone(bob: Person) -> None:
    phone = enable(bob)
    for client in (Client(), bob.client):
        assert client.get("/sign-in/second-step").status_code == 302
        assert client.post("/sign-in/second-step", {"code": phone.codes[0]}).status_code == 302
    assert second_step(first_step(bob), phone.codes[0]).status_code == 302  # it was not used up


def test_a_new_password_voids_a_first_step_made_with_the_old_one(bob: Person) -> None:
    phone = enable(bob)
    thief = first_step(bob)
    bob.client.post("/profile/security", {"current": PASSWORD, "new": NEW, "again": NEW})
    assert second_step(thief, phone.codes[0]).headers["Location"] == "/sign-in"
    assert not is_signed_in(thief)


def trusted(bob: Person, phone: Phone) -> Client:
    client = first_step(bob)
    second_step(client, phone.codes.pop(), trust="on")
    client.post("/sign-out")
    return client


def copied(client: Client) -> Client:
    """Another browser, with the cookies of this one."""
    thief = Client()
    for name, morsel in client.cookies.items():
        thief.cookies[name] = morsel.value
    return thief


@pytest.mark.parametrize("change", ["password", "codes", "passkey", "revoked", "time"])
def test_a_trusted_browser_is_not_for_ever(bob: Person, change: str) -> None:
    phone = enable(bob)
    client = trusted(bob, phone)
    assert sign_in(client, bob.user.email).headers["Location"] == "/"  # the second step is not asked for
    client.post("/sign-out")
    moment, password = now(), PASSWORD
    if change == "password":
        bob.client.post("/profile/security", {"current": PASSWORD, "new": NEW, "again": NEW})
        password = NEW
    elif change == "codes":
        bob.client.post("/profile/two-factor/disable")
        enable(bob)
    elif change == "passkey":
        registered(bob)
    elif change == "revoked":
        bob.client.post(f"/profile/browsers/{TrustedBrowser.objects.get().pk}/revoke")
    else:
        moment += timedelta(days=31)
    with frozen(moment):
        thief = copied(client)
        assert sign_in(thief, bob.user.email, password).headers["Location"] == "/sign-in/second-step"


def test_trust_is_one_persons(bob: Person, carol: Person) -> None:
    client = trusted(bob, enable(bob))
    enable(carol)
    assert sign_in(client, carol.user.email).headers["Location"] == "/sign-in/second-step"


def test_who_may_not_change_the_team_sets_no_policy(bob: Person) -> None:
    with pytest.raises(PermissionDeniedError):
        set_sign_in_policy(actor=bob.actor, second_factor=False, passkey=False, grace_days=0)
    assert bob.client.post("/team/sign-in", {"grace_days": 0}).status_code == 403


def test_what_the_team_demands_is_demanded_at_every_address(alice: Person, bob: Person) -> None:
    set_sign_in_policy(actor=alice.actor, second_factor=True, passkey=False, grace_days=3)
    start = now()
    with frozen(start + timedelta(days=2)):
        client = Client()
        sign_in(client, bob.user.email)
        assert client.get("/agents").status_code == 200
        assert "demands a second factor" in client.get("/profile/security").content.decode()
    with frozen(start + timedelta(days=3, minutes=1)):
        client = Client()
        sign_in(client, bob.user.email)
        own = ("/profile", "/confirm", "/sign-", "/passkey", "/healthz", "/readyz", "/setup", "/scim/")
        teams = ("/profile/sso", "/profile/provisioning")
        asked = [one for one in plain_addresses() if one.startswith(teams) or not one.startswith(own)]
        assert len(asked) > 20
        for address in asked:
            for answer in (client.get(address), client.post(address)):
                assert answer.headers.get("Location") == "/profile/security", address
        assert client.post("/agents/new", headers={"accept": "application/json"}).status_code == 403
        person = Person(bob.user, bob.team, _client=[client])
        enable(person)
        assert client.get("/agents").status_code == 200
        assert client.post("/profile/two-factor/disable").status_code == 422  # and it is not given up again
        assert client.get("/agents").status_code == 200


def test_an_administrator_signs_in_with_the_passkey_not_beside_it(alice: Person, bob: Person) -> None:
    set_sign_in_policy(actor=alice.actor, second_factor=False, passkey=True, grace_days=0)
    assert bob.client.get("/agents").status_code == 200  # he may not add members
    assert alice.client.get("/agents").headers["Location"] == "/profile/security"
    phone = enable(alice)
    assert alice.client.get("/agents").headers["Location"] == "/profile/security"
    key = registered(alice)
    past = first_step(alice)
    second_step(past, phone.codes[0])
    assert past.get("/agents").headers["Location"].startswith("/confirm?")
    confirm(past)  # the password is not enough
    assert past.get("/agents").headers["Location"].startswith("/confirm?")
    past.post("/confirm", {"answer": key.shows(options(past))})
    assert past.get("/agents").status_code == 200
    right = Client()
    sign_in_with(key, right)
    assert right.get("/agents").status_code == 200
    assert right.post(f"/profile/passkeys/{Passkey.objects.get().pk}/remove").status_code == 302
    confirm(right)
    right.post(f"/profile/passkeys/{Passkey.objects.get().pk}/remove")
    assert Passkey.objects.exists()
