"""Attacker: has Bob's password. Move: guesses at the second step, from many addresses, and keeps the account at its
limit so that Bob himself is kept out. Guarantee: G-49."""

from datetime import timedelta

from django.test import Client

from muniment.audit.models import Outbox
from muniment.core.clock import frozen, now
from tests.accounts.second_factors import confirm, enable, first_step, second_step
from tests.accounts.signing_in import is_signed_in
from tests.cast import Person


def attack(bob: Person, tries: int = 12) -> list[int]:
    """Two tries for each first step, each from an address of its own."""
    found = []
    for number in range(0, tries, 2):
        client = first_step(bob, address=f"198.51.100.{number}")
        found += [second_step(client, code).status_code for code in ("000000", "aaaaa-aaaaa")]
    return found


def test_ten_tries_and_not_an_eleventh(bob: Person) -> None:
    phone = enable(bob)
    assert attack(bob) == [422] * 10 + [429] * 2
    stranger = first_step(bob, address="203.0.113.1")
    assert second_step(stranger, phone.codes[0]).status_code == 429
    assert not is_signed_in(stranger)
    assert sum(b'"second_step"' in bytes(row.body) for row in Outbox.objects.all()) == 10


def test_bobs_own_browser_is_not_kept_out(bob: Person) -> None:
    phone, own = enable(bob), Client()
    second_step(first_step(bob, own), phone.codes[0])
    own.post("/sign-out")
    attack(bob)
    with frozen(now() + timedelta(minutes=1)):
        assert second_step(first_step(bob, own), phone.shows()).status_code == 302
    assert is_signed_in(own)


def test_a_confirmation_is_guessed_at_no_more_often(bob: Person) -> None:
    """Attacker: holds a stolen session, and guesses at the password on the page that confirms."""
    assert [confirm(bob.client, "wrong").status_code for _ in range(12)] == [422] * 12
    assert "Too many attempts" in confirm(bob.client).content.decode()
    assert bob.client.get("/profile/two-factor/enable").status_code == 302
