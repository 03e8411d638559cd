"""Attacker: manages members, or holds the session of one who does. Move: fetches the link of somebody who is more, of
an owner, of a stranger, of herself, and opens the account. Guarantee: G-47."""

import pytest
from django.conf import settings
from django.test import Client

from muniment.audit.models import Outbox
from muniment.core.actors import SYSTEM
from muniment.core.errors import NotFoundError, PermissionDeniedError
from muniment.core.network.mail import MailSettings
from muniment.teams.selectors import operator_actor
from muniment.teams.services import add_member, create_team, fetch_recovery_link, operator_recovery_link
from muniment.teams.types import Role
from tests.accounts.links import NEW, follow
from tests.accounts.second_factors import confirm, enable, first_step, second_step
from tests.accounts.signing_in import is_signed_in, sign_in
from tests.cast import Person, person


def test_an_owner_fetches_a_members_and_the_member_is_told(alice: Person, bob: Person) -> None:
    phone = enable(bob)
    page = f"/team/people/{bob.user.ref}/recovery-link"
    assert alice.client.get(page).headers["Location"].startswith("/confirm?")
    assert alice.client.post(page).status_code == 302  # nor without the password
    confirm(alice.client)
    link = alice.client.post(page).context["link"]
    assert follow(link).status_code == 302
    assert not is_signed_in(bob.client)
    client = first_step(bob, password=NEW)
    second_step(client, phone.codes[0])
    told = client.get("/profile/security").content.decode()
    assert "fetched by Alice" in told
    assert told.count("Alice") == 2  # and it stays on the page
    assert "fetched by" not in client.get("/profile/security").content.decode()
    made = [bytes(row.body) for row in Outbox.objects.all() if b"account:link:create" in bytes(row.body)]
    assert len(made) == 1
    assert alice.user.ref.encode() in made[0]


def test_nobody_fetches_upwards(alice: Person, bob: Person, carol: Person, mallory: Person) -> None:
    second = person("second")
    add_member(actor=alice.actor, team=alice.team, user=second, role=Role.OWNER)
    for target in (second, alice.user):  # another owner, and oneself
        with pytest.raises(PermissionDeniedError):
            fetch_recovery_link(actor=alice.actor, person=target.ref)
    for actor in (bob.actor, carol.actor):
        for target in (alice.user, bob.user, carol.user):
            with pytest.raises(PermissionDeniedError):
                fetch_recovery_link(actor=actor, person=target.ref)
    for target in (mallory.user.ref, "a" * 26):
        with pytest.raises(NotFoundError):
            fetch_recovery_link(actor=alice.actor, person=target)
    assert fetch_recovery_link(actor=alice.actor, person=carol.user.ref)


def test_a_member_who_is_more_in_another_team_is_out_of_reach(alice: Person, bob: Person, mallory: Person) -> None:
    """Attacker: Mallory takes an owner of another team into her own, as a chat-only member, and fetches that link."""
    add_member(actor=mallory.actor, team=mallory.team, user=bob.user, role=Role.CHAT_ONLY)
    with pytest.raises(PermissionDeniedError):
        fetch_recovery_link(actor=mallory.actor, person=bob.user.ref)
    create_team(actor=SYSTEM, name="His own", owner=bob.user)
    with pytest.raises(PermissionDeniedError):
        fetch_recovery_link(actor=alice.actor, person=bob.user.ref)


def test_where_mail_goes_out_nobody_fetches(alice: Person, bob: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    mail = MailSettings.of(server="smtps://mail.example.org", sender="m@example.org", user="", password_file="")
    monkeypatch.setattr(settings, "MUNIMENT_MAIL", mail)
    with pytest.raises(PermissionDeniedError):
        fetch_recovery_link(actor=alice.actor, person=bob.user.ref)


def test_the_operator_fetches_an_owners_and_the_owner_is_told(alice: Person) -> None:
    link = operator_recovery_link(actor=operator_actor(None), email=alice.user.email)
    assert follow(link).status_code == 302
    assert follow(link).status_code == 422
    client = Client()
    sign_in(client, alice.user.email, NEW)
    assert "the operator of this server" in client.get("/profile/security", follow=True).content.decode()
    with pytest.raises(NotFoundError):
        operator_recovery_link(actor=alice.actor, email=alice.user.email)


@pytest.mark.parametrize("token", ["", "x", "a" * 43, "%00", "'; --"])
def test_what_is_no_link_opens_nothing(bob: Person, token: str) -> None:
    assert follow(f"http://localhost:8000/sign-in/new-password#{token}").status_code == 422
