"""Suspended, resumed, removed by the provider: sessions, keys, and what was theirs."""

from typing import Any

import pytest

from muniment.accounts.models import Session
from muniment.agents.models import Agent
from muniment.agents.services import create_agent
from muniment.core.permissions import Permission
from muniment.teams.errors import KeyRefusedError
from muniment.teams.models import ApiKey, Membership
from muniment.teams.selectors import actor_for
from muniment.teams.services import (
    actor_by_token,
    change_role,
    create_key,
    remove_member,
    resume_member,
    set_provisioning,
    suspend_member,
)
from muniment.teams.types import KeyDraft, Role
from tests.cast import Person, signed_in
from tests.scim.provider import Provider, account, membership

SUSPENDED = {"op": "replace", "path": "active", "value": False}
RESUMED = {"op": "replace", "path": "active", "value": True}


@pytest.fixture
def ada(provider: Provider, alice: Person) -> str:
    """Builds in the team; her id with the provider."""
    answer = provider.made("ada@example.com")
    change_role(actor=alice.actor, team=alice.team, user=account("ada@example.com"), role=Role.BUILDER)
    return answer.id


def test_who_is_suspended_is_out_at_once_and_back_as_before(provider: Provider, ada: str) -> None:
    user = account("ada@example.com")
    browser, actor = signed_in(user), actor_for(user, provider.team)
    draft = KeyDraft(name="Key", permissions=frozenset({Permission.AGENT_VIEW}))
    key = create_key(actor=actor, team=provider.team, draft=draft).token
    assert browser.get("/agents").status_code == 200
    assert actor_by_token(key)[0].user == user.pk
    assert provider.patch(f"/Users/{ada}", SUSPENDED).status == 204
    assert browser.get("/agents").status_code == 302
    assert not Session.objects.filter(user=user).exists()
    with pytest.raises(KeyRefusedError):
        actor_by_token(key)
    assert provider.get(f"/Users/{ada}").body["active"] is False
    assert provider.patch(f"/Users/{ada}", RESUMED).status == 204
    assert actor_by_token(key)[0].user == user.pk
    assert membership(provider.team, "ada@example.com").held == Role.BUILDER


def test_the_same_by_put_and_on_the_teams_pages(provider: Provider, ada: str, alice: Person) -> None:
    body = {"userName": "ada@example.com", "active": False}
    assert provider.ask("PUT", f"/Users/{ada}", body).body["active"] is False
    member = membership(provider.team, "ada@example.com")
    member.suspended_at = None
    member.save()
    assert provider.get(f"/Users/{ada}").body["active"] is True


def test_whom_the_team_suspended_no_provider_brings_back(provider: Provider, ada: str, alice: Person) -> None:
    """Okta sends active with every change of a name; an owner's word stands."""
    user = account("ada@example.com")
    suspend_member(actor=alice.actor, team=alice.team, user=user)
    body = {"userName": "ada@example.com", "displayName": "Ada B.", "active": True}
    answer = provider.ask("PUT", f"/Users/{ada}", body)
    assert (answer.status, answer.body["active"], answer.body["displayName"]) == (200, False, "Ada B.")
    assert provider.patch(f"/Users/{ada}", RESUMED).status == 204
    assert membership(provider.team, "ada@example.com").suspended_at is not None
    resume_member(actor=alice.actor, team=alice.team, user=user)
    assert provider.patch(f"/Users/{ada}", SUSPENDED).status == 204
    assert provider.patch(f"/Users/{ada}", RESUMED).status == 204
    assert membership(provider.team, "ada@example.com").suspended_at is None


def test_nor_by_taking_charge(provider: Provider, alice: Person, bob: Person) -> None:
    suspend_member(actor=alice.actor, team=alice.team, user=bob.user)
    assert provider.made("bob@example.org").body["active"] is False
    assert membership(provider.team, "bob@example.org").suspended_at is not None


def test_what_was_theirs_goes_with_them(provider: Provider, ada: str) -> None:
    user = account("ada@example.com")
    create_agent(actor=actor_for(user, provider.team), name="Herbarium")
    assert provider.ask("DELETE", f"/Users/{ada}").status == 204
    assert not Membership.objects.filter(user=user).exists()
    assert not ApiKey.objects.filter(user=user).exists()
    assert not Agent.objects.filter(name="Herbarium", state="live").exists()


def test_or_to_whom_the_policy_names(provider: Provider, ada: str, alice: Person) -> None:
    agent = create_agent(actor=actor_for(account("ada@example.com"), provider.team), name="Herbarium")
    heir(alice, alice.user.ref)
    assert provider.ask("DELETE", f"/Users/{ada}").status == 204
    assert Agent.objects.get(pk=agent.pk).owner_id == alice.user.pk


def test_an_heir_who_left_keeps_anybody_from_being_deleted(
    provider: Provider, ada: str, alice: Person, bob: Person
) -> None:
    heir(alice, bob.user.ref)
    remove_member(actor=alice.actor, team=alice.team, user=bob.user)
    answer = provider.ask("DELETE", f"/Users/{ada}")
    assert answer.status == 409
    assert "inherit" in answer.body["detail"]
    assert provider.get(f"/Users/{ada}").status == 200


def test_who_is_removed_on_the_teams_pages_is_gone_here(provider: Provider, ada: str, alice: Person) -> None:
    group = provider.group("Botanists", ada)
    remove_member(actor=alice.actor, team=alice.team, user=account("ada@example.com"))
    assert provider.get(f"/Users/{ada}").status == 404
    after = provider.get(f"/Groups/{group.id}")
    assert "members" not in after.body
    assert after.version != group.version


def heir(alice: Person, ref: str) -> Any:
    return set_provisioning(actor=alice.actor, role=Role.MEMBER, joins_on_sign_in=False, scim=True, heir=ref)
