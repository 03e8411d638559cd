"""Attacker: has Bob's password and his printed recovery codes, or one that he saw Bob type. Move: types it again,
later, spelled otherwise, in two processes at once, for another account, or one of a sheet that Bob replaced. Guarantee:
G-44."""

import pytest
from django.test import Client

from muniment.teams.services import fetch_recovery_link
from tests.accounts.links import follow
from tests.accounts.second_factors import confirm, enable, first_step, second_step, shown_codes
from tests.accounts.signing_in import is_signed_in
from tests.attacks.test_codes_are_replayed import in_two_processes
from tests.cast import Person

pytestmark = pytest.mark.django_db(transaction=True)


def test_once_however_it_is_spelled(bob: Person) -> None:
    phone = enable(bob)
    code = phone.codes[0]
    assert second_step(first_step(bob), code).status_code == 302
    for again in (code, code.upper(), code.replace("-", ""), f" {code} "):
        assert second_step(first_step(bob), again).status_code == 422
    assert second_step(first_step(bob), phone.codes[1].replace("-", "").upper()).status_code == 302


def test_once_in_two_processes(bob: Person) -> None:
    phone = enable(bob)
    assert sorted(in_two_processes(bob, phone.codes[0])) == ["None", "recovery_code"]
    assert sorted(in_two_processes(bob, phone.codes[0])) == ["None", "None"]


def test_not_once_they_were_replaced_or_the_factor_given_up(bob: Person) -> None:
    phone = enable(bob)
    confirm(bob.client)
    newer = shown_codes(bob.client.post("/profile/two-factor/recovery-codes"))
    assert second_step(first_step(bob), phone.codes[0]).status_code == 422
    assert second_step(first_step(bob), newer[0]).status_code == 302
    bob.client.post("/profile/two-factor/disable")
    phone = enable(bob)
    assert second_step(first_step(bob), newer[1]).status_code == 422
    assert second_step(first_step(bob), phone.codes[0]).status_code == 302


def test_not_for_somebody_else(bob: Person, carol: Person) -> None:
    his, hers = enable(bob), enable(carol)
    assert second_step(first_step(carol), his.codes[0]).status_code == 422
    assert second_step(first_step(carol), hers.codes[0]).status_code == 302


def test_a_new_password_brings_none_back(alice: Person, bob: Person) -> None:
    phone = enable(bob)
    second_step(first_step(bob), phone.codes[0])
    follow(fetch_recovery_link(actor=alice.actor, person=bob.user.ref), "another quiet room at dawn")
    client = first_step(bob, Client(), password="another quiet room at dawn")
    assert second_step(client, phone.codes[0]).status_code == 422
    assert not is_signed_in(client)
    assert second_step(client, phone.codes[1]).status_code == 302
