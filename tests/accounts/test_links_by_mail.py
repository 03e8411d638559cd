"""A link by mail, from a real mail server on this machine: for a new password, and to show whose address it is."""

from datetime import timedelta

import pytest
from django.test import Client

from muniment.core.clock import frozen, now
from muniment.jobs.models import Job
from tests.accounts.links import NEW, follow
from tests.accounts.mail_received import sent
from tests.accounts.second_factors import enable, first_step, second_step
from tests.accounts.signing_in import is_signed_in, sign_in
from tests.cast import PASSWORD, Person
from tests.core.test_mail_out import MailServer

pytestmark = pytest.mark.usefixtures("loopback")
FORGOTTEN = "/sign-in/forgotten"


@pytest.mark.django_db(transaction=True)
def test_a_forgotten_password(mail: MailServer, bob: Person) -> None:
    phone = enable(bob)
    Client().post(FORGOTTEN, {"email": "Bob@Example.org"})
    (link,) = sent(mail)
    assert link.startswith("http://localhost:8000/sign-in/new-password#")
    assert follow(link, "short").status_code == 422
    assert follow(link).headers["Location"] == "/sign-in"
    assert not is_signed_in(bob.client)
    assert sign_in(Client(), bob.user.email, PASSWORD).status_code == 422
    assert second_step(first_step(bob, password=NEW), phone.codes[0]).status_code == 302  # the second factor stays
    assert follow(link).status_code == 422  # once


@pytest.mark.django_db(transaction=True)
def test_a_link_is_good_for_15_minutes_and_until_another_was_used(mail: MailServer, bob: Person) -> None:
    for _ in range(2):
        Client().post(FORGOTTEN, {"email": bob.user.email})
    first, second = sent(mail)
    with frozen(now() + timedelta(minutes=16)):
        assert follow(first).status_code == 422
    assert follow(second).status_code == 302
    assert follow(first).status_code == 422


@pytest.mark.django_db(transaction=True)
def test_whose_address_it_is(mail: MailServer, bob: Person) -> None:
    assert "Confirm it" in bob.client.get("/profile").content.decode()
    bob.client.post("/profile/verify-email")
    (link,) = sent(mail)
    path, _, token = link.partition("#")
    assert follow(link.replace("verify-email", "new-password")).status_code == 422  # good for its own purpose alone
    assert Client().post(path.removeprefix("http://localhost:8000"), {"token": token}).status_code == 302
    bob.user.refresh_from_db()
    assert bob.user.email_verified_at


@pytest.mark.django_db(transaction=True)
def test_without_a_mail_server_the_page_says_whom_to_ask(bob: Person) -> None:
    page = Client().post(FORGOTTEN, {"email": bob.user.email})
    assert "sends no mail" in page.content.decode()
    assert not Job.objects.exists()
    assert bob.client.post("/profile/verify-email").status_code == 404
