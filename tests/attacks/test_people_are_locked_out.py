"""Attacker: Mallory, who knows Bob's address. Move: types wrong passwords and codes for it from everywhere, without
end, so that the limit of attempts keeps Bob himself out (lock-out as a weapon). Guarantees: G-41, G-49. A browser Bob
was signed in with, a trusted one, a passkey and a link to his mailbox open his account while she goes on."""

import pytest
from django.test import Client

from tests.accounts.links import NEW, follow
from tests.accounts.mail_received import sent
from tests.accounts.second_factors import Phone, enable, first_step, second_step
from tests.accounts.security_key import registered, sign_in_with
from tests.accounts.signing_in import is_signed_in, sign_in
from tests.cast import PASSWORD, Person
from tests.core.test_mail_out import MailServer

pytestmark = [pytest.mark.usefixtures("loopback"), pytest.mark.django_db(transaction=True)]


def hammered(bob: Person, times: int = 8) -> None:
    """From addresses of a botnet, until the limit answers."""
    statuses = [
        sign_in(Client(), bob.user.email, "wrong", address=f"198.51.100.{one}").status_code for one in range(times)
    ]
    assert statuses[-1] == 429


def codes_hammered(bob: Person) -> None:
    """By somebody who has the password, too."""
    statuses = []
    for one in range(0, 12, 2):
        thief = first_step(bob, address=f"198.51.100.{one}")
        statuses += [second_step(thief, "000000").status_code for _ in range(2)]
    assert statuses[-1] == 429


def his(bob: Person, phone: Phone | None = None, **given: str) -> Client:
    """A browser he was signed in with before."""
    browser = Client()
    if phone is None:
        sign_in(browser, bob.user.email)
    else:
        second_step(first_step(bob, browser), phone.codes.pop(), **given)
    browser.post("/sign-out")
    return browser


def test_a_browser_he_was_signed_in_with(bob: Person) -> None:
    own = his(bob)
    hammered(bob)
    for _ in range(3):
        assert sign_in(own, bob.user.email, PASSWORD, address="203.0.113.9").status_code == 302
        assert is_signed_in(own)
        own.post("/sign-out")
        hammered(bob, 1)
    assert sign_in(Client(), bob.user.email, PASSWORD).status_code == 429  # one that nobody knows waits


def test_a_trusted_browser_while_codes_are_guessed(bob: Person) -> None:
    phone = enable(bob)
    trusted, known = his(bob, phone, trust="on"), his(bob, phone)
    codes_hammered(bob)
    assert sign_in(trusted, bob.user.email).headers["Location"] == "/"
    assert second_step(first_step(bob, known), phone.codes.pop()).status_code == 302
    stranger = first_step(bob)
    assert second_step(stranger, phone.codes.pop()).status_code == 429


def test_a_passkey_from_anywhere(bob: Person) -> None:
    key = registered(bob)
    hammered(bob)
    elsewhere = Client()
    assert sign_in_with(key, elsewhere).status_code == 302
    assert is_signed_in(elsewhere)


def test_a_link_to_his_mailbox(mail: MailServer, bob: Person) -> None:
    """A new password, from a new browser; the reset itself is not used up by who asks for it again and again."""
    own = his(bob)
    hammered(bob)
    for one in range(8):
        Client(REMOTE_ADDR=f"198.51.100.{one}").post("/sign-in/forgotten", {"email": bob.user.email})
    links = sent(mail)
    assert follow(links[0]).status_code == 302  # an earlier one is not void by a later
    assert sign_in(own, bob.user.email, NEW).status_code == 302


def test_nobody_else_is_kept_out(bob: Person, carol: Person) -> None:
    hammered(bob)
    assert sign_in(Client(), carol.user.email, address="203.0.113.1").status_code == 302


def test_a_session_that_is_open_stays_open(bob: Person) -> None:
    hammered(bob)
    assert is_signed_in(bob.client)
