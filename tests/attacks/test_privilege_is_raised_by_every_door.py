"""Attacker: Harriet, whose role lets her keep people and roles and make keys, and nothing else of an administrator.
Move: tries at each door what the services refuse her: the pages, CustomGPT's API, our own, and the command line with a
name from her page. Guarantee: G-120. Every door asks the same services, and none has a way of its own."""

import json
import re

import pytest
from django.test import Client

from muniment.agents.services import create_agent
from muniment.api.numbers import number
from muniment.cli.acting import operator
from muniment.core.errors import NotFoundError
from muniment.core.permissions import Permission
from muniment.teams.errors import LastOwnerError
from muniment.teams.models import ApiKey, CustomRole, Invitation
from muniment.teams.selectors import role_named
from muniment.teams.services import actor_by_token, add_member, change_role, create_key, create_role
from muniment.teams.types import RESERVED, KeyDraft, Role, RoleDraft
from tests.accounts.second_factors import confirm
from tests.attacks.test_forged_forms import written
from tests.cast import Person, person

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = frozenset(one for one in Permission if one.resource in {"member", "role"})
HELD = PEOPLE | {Permission.CONVERSATION_CREATE, Permission.PERSONAL_CREATE, Permission.KEY_CREATE}


@pytest.fixture
def keeper(alice: Person) -> CustomRole:
    return create_role(actor=alice.actor, team=alice.team, draft=RoleDraft("Keeper", "", HELD))


@pytest.fixture
def harriet(alice: Person, keeper: CustomRole) -> Person:
    user = person("harriet")
    add_member(actor=alice.actor, team=alice.team, user=user, role=keeper)
    made = Person(user, alice.team)
    confirm(made.client)
    return made


@pytest.fixture
def friend(alice: Person) -> Person:
    user = person("friend")
    add_member(actor=alice.actor, team=alice.team, user=user, role=Role.CHAT_ONLY)
    return Person(user, alice.team)


def test_by_pages(alice: Person, bob: Person, harriet: Person, friend: Person, keeper: CustomRole) -> None:
    charter = create_agent(actor=alice.actor, name="Charter")
    me, higher, more = harriet.user.pk, alice.user.pk, {"name": "Keeper", "team:audit:view": "all"}
    tried = [
        (f"/members/{me}/role", {"role": "administrator"}),
        (f"/members/{friend.user.pk}/role", {"role": "builder"}),
        (f"/members/{higher}/role", {"role": "chat_only"}),
        (f"/members/{higher}/suspend", {}),
        (f"/members/{higher}/remove", {"agents": "transfer", "heir": str(me)}),
        (f"/members/{bob.user.pk}/remove", {"agents": "transfer", "heir": str(me)}),
        ("/roles/new", more | {"name": "More"}),
        (f"/roles/{keeper.pk}", more),
        (f"/roles/{keeper.pk}/delete", {"replacement": "owner"}),
        ("/team/sign-in", {"grace_days": "7"}),
        (f"/team/people/{alice.user.ref}/recovery-link", {}),
        (f"/team/people/{alice.user.ref}/email-link", {"email": "harriet2@example.org"}),
        (f"/agents/{charter.pk}/people", {"email": harriet.user.email, "access": "manage"}),
        (f"/agents/{charter.pk}/settings", {"name": "Hers"}),
        ("/server/models/new", {"name": "x"}),
    ]
    before = written()
    found = {address: harriet.client.post(address, form).status_code for address, form in tried}
    assert set(found.values()) <= {403, 404}, found
    for role in ("owner", "administrator", "builder", "analyst"):
        harriet.client.post("/members/invite", {"email": "second@example.org", "role": role, "days": "7"})
    assert not Invitation.objects.exists()
    assert written() == before
    allowed = harriet.client.post("/members/invite", {"email": "second@example.org", "role": "chat_only", "days": "7"})
    assert (allowed.status_code, Invitation.objects.count()) == (200, 1)


def test_by_a_key_made_on_the_page(harriet: Person) -> None:
    """It asks for all, single permissions she lacks, and to be the team's."""
    form = {"name": "Mine", "days": "90", "reach": "all", "consent": "caller", "whose": "team", "preset": "chosen"}
    harriet.client.post("/keys/new", form | {"permissions": [one.value for one in Permission]})
    for key in ApiKey.objects.all():
        assert key.user == harriet.user
    draft = KeyDraft("All", frozenset(Permission))
    token = create_key(actor=harriet.actor, team=harriet.team, draft=draft).token
    assert actor_by_token(token)[0].permissions <= harriet.actor.permissions
    assert Permission.MEMBER_VIEW in actor_by_token(token)[0].permissions


def test_by_the_apis(alice: Person, harriet: Person) -> None:
    """A key of hers with every permission there is: what her role lacks stays closed, and no address gives roles."""
    charter = create_agent(actor=alice.actor, name="Charter")
    draft = KeyDraft("All", frozenset(Permission))
    token = create_key(actor=harriet.actor, team=harriet.team, draft=draft).token
    headers, here = {"authorization": f"Bearer {token}"}, number(charter.pk)
    tried = [
        ("POST", "/api/v1/projects"),
        ("POST", f"/api/v1/projects/{here}"),
        ("DELETE", f"/api/v1/projects/{here}"),
        ("POST", f"/api/v1/projects/{here}/settings"),
        ("POST", f"/api/v1/projects/{here}/replicate"),
        ("POST", "/api/v1/user"),
        ("POST", f"/api/muniment/agents/{charter.pk}/documents?name=a.txt"),
        ("GET", f"/api/muniment/agents/{charter.pk}/documents"),
    ]
    for method, address in tried:
        got = Client().generic(method, address, b"{}", content_type="application/json", headers=headers)
        assert got.status_code in {403, 404, 422, 400}, address
        assert got.status_code in {403, 404} or address.endswith(("projects", "user")), address
    described = json.dumps(json.loads(Client().get("/openapi.json").content)["paths"])
    assert not re.search(r"/(members|roles|invitations|keys|users)\b", described)
    owner = create_key(actor=alice.actor, team=alice.team, draft=draft).token
    read = Client().get(tried[-1][1], headers={"authorization": f"Bearer {owner}"})
    assert read.status_code == 200


def test_by_the_command_line(alice: Person, harriet: Person, mallory: Person) -> None:
    """Who has the shell may do all. But roles are those of the team that is named, its last owner stays, and a key made
    there makes nobody an owner.
    """
    create_role(actor=mallory.actor, team=mallory.team, draft=RoleDraft("Theirs", "", PEOPLE))
    here = operator(alice.team.pk)
    for name in ("Theirs", "custom", "owner ", "superuser"):
        with pytest.raises(NotFoundError):
            role_named(here, name)
    change_role(actor=here, team=alice.team, user=harriet.user, role=role_named(here, "Keeper"))
    with pytest.raises(LastOwnerError):
        change_role(actor=here, team=alice.team, user=alice.user, role=Role.MEMBER)
    token = create_key(actor=here, team=alice.team, draft=KeyDraft("All", frozenset(Permission), is_service=True)).token
    assert RESERVED.isdisjoint(actor_by_token(token)[0].permissions)
