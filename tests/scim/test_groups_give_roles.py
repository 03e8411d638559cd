"""Groups of the provider: members on both sides, and the roles that follow by the team's rules."""

from typing import Any

import pytest

from muniment.core.clock import now
from muniment.core.errors import PermissionDeniedError
from muniment.scim.services import apply_group_rules
from muniment.teams.errors import GroupRuleError
from muniment.teams.services import (
    change_role,
    create_role,
    delete_role,
    provisioning,
    role_of_groups,
    set_group_rules,
    set_provisioning,
)
from muniment.teams.types import Role, RoleDraft
from tests.cast import Person
from tests.scim.provider import Provider, account, membership

ADA, GRACE = "ada@example.com", "grace@example.com"


@pytest.fixture
def ruled(provider: Provider, alice: Person) -> Provider:
    """The first rule that fits counts; "g-7" is the provider's own id of a group."""
    rules: list[Any] = [("Heads", Role.ADMINISTRATOR), ("g-7", Role.BUILDER), ("Guests", Role.CHAT_ONLY)]
    set_group_rules(actor=alice.actor, rules=rules)
    return provider


def role(provider: Provider, email: str) -> Any:
    return membership(provider.team, email).held


def add(*members: str) -> dict[str, Any]:
    return {"op": "add", "path": "members", "value": [{"value": one} for one in members]}


def remove(member: str) -> dict[str, Any]:
    return {"op": "remove", "path": f'members[value eq "{member}"]'}


def test_members_are_on_both_sides(provider: Provider) -> None:
    ada, grace = provider.made(ADA), provider.made(GRACE)
    group = provider.group("Botanists", ada.id)
    assert [one["value"] for one in group.body["members"]] == [ada.id]
    assert provider.patch(f"/Groups/{group.id}", add(grace.id)).status == 204
    assert len(provider.get(f"/Groups/{group.id}").body["members"]) == 2
    (shown,) = provider.get(f"/Users/{grace.id}").body["groups"]
    assert (shown["value"], shown["display"]) == (group.id, "Botanists")
    assert shown["$ref"].endswith(f"/scim/v2/Groups/{group.id}")
    assert provider.patch(f"/Groups/{group.id}", remove(ada.id)).status == 204
    assert "groups" not in provider.get(f"/Users/{ada.id}").body


def test_the_first_rule_that_fits_counts(ruled: Provider) -> None:
    ada = ruled.made(ADA)
    guests, heads = ruled.group("Guests", ada.id), ruled.group("Heads")
    assert role(ruled, ADA) == Role.CHAT_ONLY
    builders = ruled.group("Whatever they call it", ada.id, externalId="g-7")
    assert role(ruled, ADA) == Role.BUILDER
    ruled.patch(f"/Groups/{heads.id}", add(ada.id))
    assert role(ruled, ADA) == Role.ADMINISTRATOR
    ruled.patch(f"/Groups/{heads.id}", remove(ada.id))
    assert role(ruled, ADA) == Role.BUILDER
    ruled.ask("DELETE", f"/Groups/{builders.id}")
    assert role(ruled, ADA) == Role.CHAT_ONLY
    ruled.patch(f"/Groups/{guests.id}", {"op": "replace", "path": "displayName", "value": "Visitors"})
    assert role(ruled, ADA) == Role.MEMBER
    assert ruled.get(f"/Users/{ada.id}").body["groups"][0]["display"] == "Visitors"


def test_without_rules_roles_are_the_teams_own(provider: Provider, alice: Person) -> None:
    ada = provider.made(ADA)
    change_role(actor=alice.actor, team=alice.team, user=account(ADA), role=Role.ANALYST)
    provider.group("Heads", ada.id)
    assert role(provider, ADA) == Role.ANALYST


def test_rules_that_changed_hold_at_once_for_whom_the_provider_sent(
    provider: Provider, alice: Person, carol: Person
) -> None:
    ada = provider.made(ADA)
    provider.group("Heads", ada.id)
    assert role(provider, ADA) == Role.MEMBER
    assert set_group_rules(actor=alice.actor, rules=[("Heads", Role.BUILDER)]) == 1
    assert role(provider, ADA) == Role.BUILDER
    assert set_group_rules(actor=alice.actor, rules=[("Guests", Role.CHAT_ONLY)]) == 1
    assert role(provider, ADA) == Role.MEMBER
    assert role(provider, "carol@example.org") == Role.CHAT_ONLY  # the team's own: the provider never sent her
    with pytest.raises(PermissionDeniedError):
        set_group_rules(actor=carol.actor, rules=[("Heads", Role.ADMINISTRATOR)])
    assert role(provider, ADA) == Role.MEMBER


def test_where_the_provider_sends_nobody_any_more_they_wait_for_the_sign_in(provider: Provider, alice: Person) -> None:
    provider.group("Heads", provider.made(ADA).id)
    set_provisioning(actor=alice.actor, role=Role.MEMBER, joins_on_sign_in=True, scim=False, heir=None)
    assert set_group_rules(actor=alice.actor, rules=[("Heads", Role.BUILDER)]) == 0
    assert role(provider, ADA) == Role.MEMBER


def test_the_page_says_how_many_roles_changed(provider: Provider, alice: Person) -> None:
    """And saving it again changes nothing: a role given by hand meanwhile stays."""
    provider.group("Heads", provider.made(ADA).id)
    session = alice.client.session
    session["confirmed"] = now().isoformat()
    session.save()
    sent = {"role": "member", "scim": "on", "departure": "delete", "group": "Heads", "group_role": "builder"}
    page = alice.client.post("/profile/sso/people", sent, follow=True).content.decode()
    assert "Saved. 1 role has changed." in page
    assert "hold at once for people whom your directory sends" in page
    assert role(provider, ADA) == Role.BUILDER
    change_role(actor=alice.actor, team=alice.team, user=account(ADA), role=Role.ANALYST)
    page = alice.client.post("/profile/sso/people", sent, follow=True).content.decode()
    assert "Saved." in page
    assert "another now" not in page
    assert role(provider, ADA) == Role.ANALYST


def test_rules_are_applied_again_when_told(provider: Provider, alice: Person, carol: Person) -> None:
    ada = provider.made(ADA)
    provider.group("Heads", ada.id)
    set_group_rules(actor=alice.actor, rules=[("Heads", Role.BUILDER)])
    change_role(actor=alice.actor, team=alice.team, user=account(ADA), role=Role.ANALYST)
    assert apply_group_rules(actor=alice.actor) == 1
    assert role(provider, ADA) == Role.BUILDER
    assert role(provider, "carol@example.org") == Role.CHAT_ONLY
    with pytest.raises(PermissionDeniedError):
        apply_group_rules(actor=carol.actor)


def test_a_role_of_the_teams_own_and_its_end(provider: Provider, alice: Person) -> None:
    draft = RoleDraft(name="Curator", description="", everywhere=frozenset())
    curator = create_role(actor=alice.actor, team=alice.team, draft=draft)
    set_group_rules(actor=alice.actor, rules=[("Heads", curator)])
    provider.group("Heads", provider.made(ADA).id)
    assert role(provider, ADA) == curator
    delete_role(actor=alice.actor, role=curator, replacement=Role.ANALYST)
    assert role(provider, ADA) == Role.ANALYST
    assert provisioning(alice.actor).rules == (("Heads", Role.ANALYST),)
    assert role_of_groups(alice.team.pk, ["Heads"]) == Role.ANALYST


def test_rules_name_each_group_once(alice: Person) -> None:
    set_group_rules(actor=alice.actor, rules=[("Heads", Role.BUILDER)])
    for rules in ([("A", Role.MEMBER), (" A ", Role.BUILDER)], [("", Role.MEMBER)], [("x" * 256, Role.MEMBER)]):
        with pytest.raises(GroupRuleError):
            set_group_rules(actor=alice.actor, rules=rules)
    assert provisioning(alice.actor).rules == (("Heads", Role.BUILDER),)


def test_two_groups_of_one_name_are_a_conflict(provider: Provider) -> None:
    provider.group("Heads")
    other = provider.group("Hands")
    answer = provider.ask("POST", "/Groups", {"displayName": "heads"})
    assert (answer.status, answer.body["scimType"]) == (409, "uniqueness")
    rename = {"op": "replace", "path": "displayName", "value": "HEADS"}
    assert provider.patch(f"/Groups/{other.id}", rename).status == 409
    assert provider.get(f"/Groups/{other.id}").body["displayName"] == "Hands"


def test_a_group_needs_a_name_and_members_who_are_there(provider: Provider) -> None:
    ada = provider.made(ADA)
    group = provider.group("Heads", ada.id)
    assert provider.ask("POST", "/Groups", {"displayName": ""}).status == 400
    answer = provider.patch(f"/Groups/{group.id}", add("a" * 26))
    assert (answer.status, answer.body["scimType"]) == (400, "invalidValue")
    assert len(provider.get(f"/Groups/{group.id}").body["members"]) == 1
