"""The pages of a team: found, filled in, and refused with what was typed."""

import pytest

from muniment.agents.models import AgentGrant
from muniment.agents.services import create_agent
from muniment.core.permissions import Permission
from muniment.teams.models import CustomRole, Invitation, Membership
from muniment.teams.types import Role
from tests.cast import Person


def text(person: Person, address: str) -> str:
    answer = person.client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_members_are_found_by_name_and_by_role(alice: Person, bob: Person, carol: Person) -> None:
    assert "bob@example.org" in text(alice, "/members")
    address = alice.client.post("/members", {"q": "CAROL"}).headers["Location"]
    assert "carol" not in address.lower()
    shown = text(alice, address)
    assert "carol@example.org" in shown
    assert "bob@example.org" not in shown
    assert "bob@example.org" in text(alice, "/members?role=builder")
    assert "bob@example.org" not in text(alice, "/members?role=owner")
    assert alice.client.get("/members?role=nonsense").status_code == 404


def test_an_owner_changes_suspends_and_removes(alice: Person, bob: Person) -> None:
    here = f"/members/{bob.user.pk}"
    assert alice.client.post(f"{here}/role", {"role": "analyst"}).status_code == 302
    assert Membership.objects.get(user=bob.user).role == Role.ANALYST
    alice.client.post(f"{here}/suspend")
    assert "Resume" in text(alice, here)
    alice.client.post(f"{here}/resume")
    assert alice.client.post(f"{here}/remove", {"agents": "transfer", "heir": ""}).status_code == 422
    assert alice.client.post(f"{here}/remove", {"agents": "delete"}).status_code == 302
    assert not Membership.objects.filter(user=bob.user).exists()


def test_a_builder_sees_who_is_there_and_changes_nobody(alice: Person, bob: Person) -> None:
    assert "Change the role" not in text(bob, f"/members/{alice.user.pk}")
    assert "Invite" not in text(bob, "/members")


def test_an_invitation_is_shown_once_and_listed(alice: Person) -> None:
    sent = {"email": "dora@example.org", "role": "member", "days": "14"}
    shown = alice.client.post("/members/invite", sent).content.decode()
    assert "/invitation#" in shown
    listed = text(alice, "/members")
    assert "dora@example.org" in listed
    assert "/invitation#" not in listed
    alice.client.post(f"/members/invitations/{Invitation.objects.get().pk}/withdraw")
    assert "dora@example.org" not in text(alice, "/members")
    refused = alice.client.post("/members/invite", sent | {"role": "owner"})
    assert refused.status_code == 422
    assert "dora@example.org" in refused.content.decode()


def test_a_role_is_made_changed_and_deleted(alice: Person, bob: Person) -> None:
    sent = {"name": "Librarian", "team:audit:view": "all", "agent:document:create": "granted"}
    assert alice.client.post("/roles/new", sent).status_code == 302
    role = CustomRole.objects.get()
    assert role.rights.everywhere == {Permission.AUDIT_VIEW}
    assert role.rights.on_granted >= {Permission.DOCUMENT_CREATE, Permission.DOCUMENT_VIEW, Permission.AGENT_VIEW}
    assert alice.client.post("/roles/new", sent).status_code == 422  # the name is taken
    alice.client.post(f"/members/{bob.user.pk}/role", {"role": role.pk})
    alice.client.post(f"/roles/{role.pk}", {"name": "Librarian", "agent:agent:view": "all"})
    assert bob.actor.permissions == {Permission.AGENT_VIEW}
    assert "1 member has it" in text(alice, f"/roles/{role.pk}")
    assert alice.client.post(f"/roles/{role.pk}/delete").status_code == 422
    assert alice.client.post(f"/roles/{role.pk}/delete", {"replacement": "member"}).status_code == 302
    assert Membership.objects.get(user=bob.user).role == Role.MEMBER


def test_roles_of_the_product_are_shown_and_stay(alice: Person) -> None:
    assert "Built in" in text(alice, "/roles/analyst")
    assert alice.client.post("/roles/analyst", {"name": "Mine"}).status_code == 404
    assert alice.client.post("/roles/analyst/delete").status_code == 404


def test_an_agent_is_granted_and_taken_back(alice: Person, carol: Person) -> None:
    agent = create_agent(actor=alice.actor, name="Charter")
    here = f"{agent.url}/people"
    assert carol.client.get(agent.url).status_code == 404
    alice.client.post(here, {"email": "carol@example.org", "access": "ask"})
    assert carol.client.get(agent.url).status_code == 200
    assert "carol@example.org" in text(alice, here)
    assert alice.client.post(here, {"email": "carol@example.org", "access": "read"}).status_code == 422
    assert alice.client.post(here, {"email": "nobody@example.org", "access": "ask"}).status_code == 422
    alice.client.post(f"{here}/{AgentGrant.objects.get().pk}/revoke")
    assert carol.client.get(agent.url).status_code == 404


@pytest.mark.parametrize("address", ["/members", "/roles"])
def test_who_only_chats_sees_no_team(carol: Person, address: str) -> None:
    assert carol.client.get(address).status_code == 403
    assert 'href="/members"' not in text(carol, "/")
