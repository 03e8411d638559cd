"""Attacker: puts a session key of his own into Bob's browser before Bob signs in (session fixation). Move: waits, and
uses it after the first step or the second. Guarantee: G-42."""

from django.test import Client

from tests.accounts.second_factors import enable, first_step, second_step
from tests.accounts.security_key import options, registered
from tests.accounts.signing_in import is_signed_in, sign_in
from tests.cast import Person


def planted(client: Client) -> Client:
    """The attacker's browser, with the key that Bob's has now."""
    client.session.save()
    thief = Client()
    thief.cookies["sessionid"] = client.cookies["sessionid"].value
    return thief


def prepared() -> Client:
    client = Client()
    client.cookies["sessionid"] = client.session.session_key or ""
    options(client)  # anything that keeps something in a session nobody is signed in with
    return client


def test_a_planted_key_is_worth_nothing_after_the_first_step(bob: Person) -> None:
    phone, client = enable(bob), prepared()
    thief = planted(client)
    first_step(bob, client)
    assert second_step(thief, phone.codes[0]).headers["Location"] == "/sign-in"
    assert second_step(client, phone.codes[0]).status_code == 302
    assert is_signed_in(client)
    assert not is_signed_in(thief)


def test_one_planted_between_the_steps_is_worth_nothing_after_the_second(bob: Person) -> None:
    phone, client = enable(bob), prepared()
    first_step(bob, client)
    thief = planted(client)
    second_step(client, phone.codes[0])
    assert is_signed_in(client)
    assert not is_signed_in(thief)


def test_nor_after_a_sign_in_with_a_passkey_or_a_password(bob: Person, carol: Person) -> None:
    key, client = registered(bob), prepared()
    thief = planted(client)
    client.post("/sign-in/passkey", {"answer": key.shows(options(client))})
    assert is_signed_in(client)
    assert not is_signed_in(thief)
    other = prepared()
    thief = planted(other)
    sign_in(other, carol.user.email)
    assert is_signed_in(other)
    assert not is_signed_in(thief)
