"""My profile, another e-mail address: asked for after the password was shown, taken by the link sent there. A real mail
server on this machine receives what is sent."""

import re
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client

from muniment.accounts.models import EmailChange, User
from muniment.audit.models import Outbox
from muniment.core.clock import frozen, now
from muniment.jobs.models import Job
from muniment.teams.services import actor_by_token, create_key
from muniment.teams.types import KEY_PRESETS, KeyDraft, KeyPreset
from tests.accounts.links import follow
from tests.accounts.mail_received import letters, sent
from tests.accounts.second_factors import confirm, enable, first_step, second_step
from tests.accounts.signing_in import is_signed_in, sign_in
from tests.cast import Person
from tests.core.test_mail_out import MailServer

pytestmark = [pytest.mark.usefixtures("loopback"), pytest.mark.django_db(transaction=True)]
ASK, TAKE, NEW = "/profile/email", "/profile/email/confirm", "robert@example.org"


def ask(whose: Person, email: str = NEW) -> HttpResponse:
    confirm(whose.client)
    return whose.client.post(ASK, {"email": email})


def taken(client: Client, link: str) -> HttpResponse:
    return client.post(TAKE, {"token": link})


def test_asked_for_confirmed_and_told(mail: MailServer, bob: Person) -> None:
    phone, was, elsewhere = enable(bob), bob.user.email, Client()
    second_step(first_step(bob, elsewhere), phone.codes[0], trust="on")
    token = create_key(actor=bob.actor, team=bob.team, draft=KeyDraft("Mine", KEY_PRESETS[KeyPreset.ASK])).token
    assert "message is on its way" in ask(bob, " Robert@Example.org ").content.decode()
    received = letters(mail)
    assert set(received) == {NEW, was}
    assert "Change your password at once" in received[was]
    assert "#" not in received[was]
    (link,) = re.findall(r"https?://\S+#\S+", received[NEW])
    assert link.startswith("http://localhost:8000/profile/email/confirm#")
    assert taken(bob.client, link).headers["Location"] == "/profile"
    bob.user.refresh_from_db()
    assert (bob.user.email, bool(bob.user.email_verified_at)) == (NEW, True)
    assert is_signed_in(bob.client)
    assert not is_signed_in(elsewhere)
    assert sign_in(Client(), was).status_code == 422
    assert second_step(first_step(bob, elsewhere), phone.codes[1]).status_code == 302  # neither trusted nor without it
    assert actor_by_token(token)[0].user == bob.user.pk
    assert "opens with another e-mail address" in letters(mail)[was]
    assert taken(bob.client, link).status_code == 422  # once


def test_the_log_names_no_address(mail: MailServer, bob: Person) -> None:
    ask(bob)
    taken(bob.client, sent(mail)[0])
    bodies = [bytes(row.body) for row in Outbox.objects.all()]
    for kind in (b"account:email:ask", b"account:email:change"):
        assert sum(kind in body for body in bodies) == 1
    assert not any(b"robert" in body or b"bob@" in body for body in bodies)
    assert all("@" not in str(job.payload) for job in Job.objects.all())


def test_the_link_works_for_15_minutes(mail: MailServer, bob: Person) -> None:
    ask(bob)
    (link,) = sent(mail)
    with frozen(now() + timedelta(minutes=16)):
        assert taken(bob.client, link).status_code == 422
    assert taken(bob.client, link).status_code == 302


def test_links_to_the_old_address_open_nothing_more(mail: MailServer, bob: Person) -> None:
    Client().post("/sign-in/forgotten", {"email": bob.user.email})
    bob.client.post("/profile/verify-email")
    reset, verify = sorted(sent(mail))
    ask(bob)
    (link,) = [one for one in sent(mail) if TAKE in one]
    taken(bob.client, link)
    assert follow(reset).status_code == 422
    assert follow(verify.replace("verify-email", "new-password")).status_code == 422
    assert Client().post("/sign-in/verify-email", {"token": verify}).status_code == 422
    Client().post("/sign-in/forgotten", {"email": NEW})
    assert follow(sent(mail)[-1]).status_code == 302


def test_what_is_no_address_is_refused(mail: MailServer, bob: Person) -> None:
    for wrong in (
        "",
        "bob",
        "bob@",
        "a@b@example.org",
        "bob@example.org\r\nBcc: eve@example.org",
        "é" * 300 + "@x.org",
    ):
        assert ask(bob, wrong).status_code == 422
    assert not EmailChange.objects.exists()
    assert [ask(bob).status_code for _ in range(6)] == [200] * 5 + [422]


def test_without_mail_a_link_is_handed_over(alice: Person, bob: Person) -> None:
    assert "sends no mail" in ask(bob).content.decode()
    assert not EmailChange.objects.exists()
    page = f"/team/people/{bob.user.ref}/email-link"
    assert alice.client.get(page).headers["Location"].startswith("/confirm?")
    assert alice.client.post(page, {"email": NEW}).status_code == 302
    confirm(alice.client)
    assert alice.client.post(page, {"email": "x"}).status_code == 422
    link = alice.client.post(page, {"email": NEW}).context["link"]
    assert taken(alice.client, link).status_code == 422  # hers it is not
    assert taken(bob.client, link).status_code == 302
    found = User.objects.get(email=NEW)
    assert (found.pk, found.email_verified_at) == (bob.user.pk, None)  # nobody has shown whose it is
