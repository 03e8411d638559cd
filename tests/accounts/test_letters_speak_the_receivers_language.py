"""A letter is in the language of whom it goes to, whatever browser asked for it."""

import pytest
from django.test import Client

from tests.accounts.mail_received import letters
from tests.cast import Person
from tests.core.test_mail_out import MailServer

pytestmark = pytest.mark.usefixtures("loopback")


@pytest.mark.django_db(transaction=True)
def test_a_forgotten_password(mail: MailServer, alice: Person, bob: Person) -> None:
    bob.user.language = "de"
    bob.user.save(update_fields=["language"])
    for person, asks in ((bob, "en"), (alice, "de")):
        Client().post("/sign-in/forgotten", {"email": person.user.email}, headers={"Accept-Language": asks})
    received = letters(mail)
    assert "Subject: Ein neues Passwort" in received[bob.user.email]
    assert "Dieser Link setzt ein neues Passwort." in received[bob.user.email]
    assert "Subject: A new password" in received[alice.user.email]
