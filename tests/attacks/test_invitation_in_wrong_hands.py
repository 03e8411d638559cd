"""Attacker: whoever holds the link of an invitation. Move: uses it twice, late, after it was withdrawn, replaced, or
its role deleted; forwards it to a friend who is signed in; invites a second address of his own and is demoted.
Guarantee: G-121. A link works once, in time, for its address, and gives what its inviter may give when it is used."""

from datetime import timedelta

import pytest
from django.test import Client

from muniment.accounts.models import User
from muniment.core.actors import Actor
from muniment.core.errors import PermissionDeniedError
from muniment.teams import inviting
from muniment.teams.errors import InvitationError, LinkWithheldError
from muniment.teams.models import Invitation, Membership
from muniment.teams.selectors import actor_for
from muniment.teams.services import (
    accept,
    accept_as_new,
    add_member,
    change_role,
    create_role,
    delete_role,
    invite,
    withdraw_invitation,
)
from muniment.teams.types import Role, RoleDraft
from tests.cast import PASSWORD, Person, person

EMAIL = "dora@example.org"


def invited(actor: Actor, team: Person, role: Role = Role.MEMBER, email: str = EMAIL) -> str:
    link = invite(actor=actor, team=team.team, email=email, role=role).link
    assert link
    return link.rpartition("#")[2]


def used(token: str) -> User:
    return accept_as_new(token=token, name="Dora", password=PASSWORD)


def refused(token: str) -> None:
    with pytest.raises(InvitationError):
        used(token)
    assert not User.objects.filter(email=EMAIL).exists()


def test_it_works_once(alice: Person) -> None:
    token = invited(alice.actor, alice)
    assert actor_for(used(token), alice.team).team == alice.team.pk
    with pytest.raises(InvitationError):
        used(token)


def test_it_works_in_time(alice: Person) -> None:
    token = invited(alice.actor, alice)
    Invitation.objects.update(expires_at=inviting.now() - timedelta(seconds=1))
    refused(token)


def test_not_after_it_was_withdrawn_or_replaced(alice: Person) -> None:
    older = invited(alice.actor, alice)
    newer = invited(alice.actor, alice)
    refused(older)
    withdraw_invitation(actor=alice.actor, team=alice.team, invitation=Invitation.objects.get().pk)
    refused(newer)


def test_not_after_its_role_was_deleted(alice: Person) -> None:
    role = create_role(actor=alice.actor, team=alice.team, draft=RoleDraft("Reader", "", frozenset()))
    link = invite(actor=alice.actor, team=alice.team, email=EMAIL, role=role).link or ""
    delete_role(actor=alice.actor, role=role)
    refused(link.rpartition("#")[2])


def test_not_for_another_address(alice: Person, mallory: Person) -> None:
    token = invited(alice.actor, alice)
    with pytest.raises(InvitationError):
        accept(actor=mallory.actor, token=token)
    assert not Membership.objects.filter(user=mallory.user, team=alice.team).exists()
    hers = invited(alice.actor, alice, email=mallory.user.email)
    assert accept(actor=mallory.actor, token=hers) == alice.team


def test_not_once_its_inviter_may_no_more(alice: Person) -> None:
    user = person("henry")
    add_member(actor=alice.actor, team=alice.team, user=user, role=Role.ADMINISTRATOR)
    token = invited(Person(user, alice.team).actor, alice, Role.ADMINISTRATOR)
    change_role(actor=alice.actor, team=alice.team, user=user, role=Role.MEMBER)
    refused(token)
    change_role(actor=alice.actor, team=alice.team, user=user, role=Role.ADMINISTRATOR)
    assert used(token)


def test_no_link_to_an_owners_seat_is_shown(alice: Person) -> None:
    with pytest.raises(LinkWithheldError):
        invite(actor=alice.actor, team=alice.team, email=EMAIL, role=Role.OWNER)
    assert not Invitation.objects.exists()


def test_an_invitation_of_somebody_higher_is_not_taken_away(alice: Person) -> None:
    user = person("henry")
    add_member(actor=alice.actor, team=alice.team, user=user, role=Role.ADMINISTRATOR)
    henry = Person(user, alice.team)
    Invitation.objects.create(
        team=alice.team, email=EMAIL, token_hash=b"x" * 32, role=Role.OWNER, expires_at=inviting.now() + timedelta(1)
    )
    with pytest.raises(PermissionDeniedError):
        invite(actor=henry.actor, team=alice.team, email=EMAIL, role=Role.MEMBER)
    with pytest.raises(PermissionDeniedError):
        withdraw_invitation(actor=henry.actor, team=alice.team, invitation=Invitation.objects.get().pk)


def test_the_page_joins_and_signs_in(alice: Person) -> None:
    token = invited(alice.actor, alice)
    browser = Client()
    assert browser.get("/invitation").status_code == 200
    given = {"token": f"http://localhost:8000/invitation#{token}", "name": "Dora", "password": PASSWORD}
    assert browser.post("/invitation", given | {"password_again": "another"}).status_code == 422
    assert browser.post("/invitation", given | {"password_again": PASSWORD}).headers["Location"] == "/"
    assert browser.get("/agents").status_code == 200
    assert browser.post("/invitation", {"token": token}).status_code == 422


def test_the_page_of_a_dead_link_tells_nothing(alice: Person) -> None:
    given = {"token": "x", "name": "Dora", "password": PASSWORD, "password_again": PASSWORD}
    answer = Client().post("/invitation", given)
    assert answer.status_code == 422, alice
    assert "does not work" in answer.content.decode()
