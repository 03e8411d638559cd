"""Attacker: Mallory, who has an account; or somebody with Bob's open session, his old mailbox, or the right to hand out
links. Move: take an address of somebody else, learn who has one, put an address of her own in place of Bob's, or bind
Bob's to her account. Guarantee: G-129. An address changes by its person, who showed the password, and by whoever reads
the new address; nobody is told whose an address is, and what was made for the old one opens nothing."""

import re

import pytest
from django.conf import settings
from django.test import Client

from muniment.accounts.models import EmailChange, User
from muniment.accounts.services import ask_to_change_email, change_email
from muniment.core.errors import NotFoundError, PermissionDeniedError
from muniment.core.network.mail import MailSettings
from muniment.jobs.models import Job
from muniment.teams.selectors import operator_actor
from muniment.teams.services import actor_by_token, add_member, create_key, fetch_email_link, operator_email_link
from muniment.teams.types import KeyDraft, Role
from tests.accounts.links import NEW as NEW_PASSWORD
from tests.accounts.mail_received import letters, sent
from tests.accounts.test_email_is_changed import ASK, NEW, ask, taken
from tests.cast import PASSWORD, Person, person
from tests.core.test_mail_out import MailServer

pytestmark = [pytest.mark.usefixtures("loopback"), pytest.mark.django_db(transaction=True)]


def test_by_an_open_browser(mail: MailServer, bob: Person) -> None:
    """The password is asked for first, at every method."""
    assert bob.client.get(ASK).headers["Location"].startswith("/confirm?")
    assert bob.client.post(ASK, {"email": NEW}).headers["Location"].startswith("/confirm?")
    assert not EmailChange.objects.exists()
    assert ask(bob).status_code == 200
    assert EmailChange.objects.exists()


def test_by_taking_an_address_somebody_has(mail: MailServer, bob: Person, mallory: Person) -> None:
    """She is told the same, her own mailbox gets the same, the same work is queued, and nothing comes to Bob."""
    pages, queued = set(), []
    for email in ("nobody@example.org", bob.user.email.upper()):
        page = ask(mallory, email).content.decode()
        pages.add(re.sub(r'name="csrf\w+" value="\w+"|nonce="[^"]*"', "", page))
        queued.append([one.kind for one in Job.objects.filter(state="waiting")])
        letters(mail)
    assert len(pages) == 1
    assert queued[0] == queued[1]
    received = letters(mail)
    assert received[mallory.user.email].count("is about to change") == 2
    assert "nobody@example.org" in received
    assert bob.user.email not in received


def test_by_being_first_where_two_ask(mail: MailServer, bob: Person, mallory: Person) -> None:
    ask(bob)
    ask(mallory)
    hers_or_his = sent(mail)
    assert len(hers_or_his) == 2
    done = [taken(whose.client, link).status_code for whose in (bob, mallory) for link in hers_or_his]
    assert sorted(done) == [302, 422, 422, 422]
    assert User.objects.filter(email=NEW).count() == 1


def test_by_a_link_that_somebody_else_opens(mail: MailServer, bob: Person, mallory: Person) -> None:
    """Mallory asks for an address Bob reads; Bob, or whoever it reaches, opens the link."""
    ask(mallory, "bobs.other@example.org")
    (link,) = sent(mail)
    assert taken(bob.client, link).status_code == 422
    assert taken(Client(), link).headers["Location"].startswith("/sign-in")
    assert not User.objects.filter(email="bobs.other@example.org").exists()


def test_by_a_link_kept_back_until_the_password_was_changed(mail: MailServer, bob: Person) -> None:
    """Asked for with a stolen session; Bob, told at the old address, changes the password."""
    ask(bob)
    (link,) = sent(mail)
    ask(bob, "another@example.org")  # one whose link has not gone out yet
    bob.client.post("/profile/security", {"current": PASSWORD, "new": NEW_PASSWORD, "again": NEW_PASSWORD})
    assert taken(bob.client, link).status_code == 422
    assert sent(mail) == [link]


def test_by_handing_out_links(alice: Person, bob: Person, carol: Person, mallory: Person) -> None:
    """As with a recovery link: not upwards, not oneself's, not over the walls of a team, not by a key."""
    second = person("second")
    add_member(actor=alice.actor, team=alice.team, user=second, role=Role.OWNER)
    for target in (second, alice.user):
        with pytest.raises(PermissionDeniedError):
            fetch_email_link(actor=alice.actor, person=target.ref, email=NEW)
    for actor in (bob.actor, carol.actor):
        with pytest.raises(PermissionDeniedError):
            fetch_email_link(actor=actor, person=carol.user.ref, email=NEW)
    with pytest.raises(NotFoundError):
        fetch_email_link(actor=mallory.actor, person=bob.user.ref, email=NEW)
    with pytest.raises(NotFoundError):
        operator_email_link(actor=alice.actor, email=alice.user.email, new=NEW)
    link = fetch_email_link(actor=alice.actor, person=carol.user.ref, email=NEW)
    assert taken(alice.client, link).status_code == 422
    assert taken(carol.client, link).status_code == 302
    assert taken(alice.client, operator_email_link(actor=operator_actor(None), email=alice.user.email, new="a@b.org"))


def test_where_mail_goes_out_nobody_hands_out(alice: Person, bob: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    server = MailSettings.of(server="smtps://mail.example.org", sender="m@example.org", user="", password_file="")
    monkeypatch.setattr(settings, "MUNIMENT_MAIL", server)
    with pytest.raises(PermissionDeniedError):
        fetch_email_link(actor=alice.actor, person=bob.user.ref, email=NEW)


def test_by_a_key_of_the_person(bob: Person) -> None:
    draft = KeyDraft("Mine", frozenset(bob.actor.permissions))
    token = create_key(actor=bob.actor, team=bob.team, draft=draft).token
    headers = {"authorization": f"Bearer {token}"}
    assert Client().post(ASK, {"email": NEW}, headers=headers).headers["Location"].startswith("/sign-in")
    by_key, _ = actor_by_token(token)
    with pytest.raises(NotFoundError):
        ask_to_change_email(actor=by_key, user=bob.user, email=NEW)
    with pytest.raises(NotFoundError):
        change_email(actor=by_key, user=bob.user, token="x", keep=None)
    assert ask(bob).status_code == 200
