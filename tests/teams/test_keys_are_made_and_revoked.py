"""API keys: made by people and the operator, shown once, narrowed, expired, revoked; their pages."""

from datetime import timedelta

import pytest
from django.db.models import F

from muniment.agents.models import Agent
from muniment.agents.selectors import agents
from muniment.agents.services import create_agent
from muniment.audit.models import Outbox
from muniment.core.actors import Actor, ActorKind
from muniment.core.errors import NotFoundError, PermissionDeniedError
from muniment.core.permissions import Permission
from muniment.teams.errors import KeyDraftError, KeyRefusedError
from muniment.teams.key_tokens import is_token
from muniment.teams.models import ApiKey
from muniment.teams.selectors import keys_of, operator_actor
from muniment.teams.services import actor_by_token, add_member, create_key, remove_member, revoke_key, suspend_member
from muniment.teams.types import KEY_PRESETS, KeyDraft, KeyPreset, Role
from tests.cast import PASSWORD, Person

ASK = KEY_PRESETS[KeyPreset.ASK]
BUILD = KEY_PRESETS[KeyPreset.BUILD]


def made(person: Person, **draft: object) -> str:
    wanted = {"name": "Website", "permissions": ASK} | draft
    return create_key(actor=person.actor, team=person.team, draft=KeyDraft(**wanted)).token  # type: ignore[arg-type]


def acting(token: str) -> Actor:
    return actor_by_token(token)[0]


def test_its_text_is_kept_nowhere_and_acts_as_its_person(alice: Person) -> None:
    token = made(alice)
    assert is_token(token)
    stored = ApiKey.objects.get()
    assert token[9:52] not in str(vars(stored))
    actor, key = actor_by_token(token)
    assert (actor.kind, actor.ref, actor.team, actor.key) == (
        ActorKind.PERSON,
        alice.user.ref,
        alice.team.pk,
        stored.pk,
    )
    assert actor.holds(Permission.CONVERSATION_CREATE)
    assert not actor.holds(Permission.AGENT_CREATE)
    assert key.used_at is None
    assert ApiKey.objects.get().used_at is not None


def test_an_act_by_a_key_says_so_in_the_log(alice: Person) -> None:
    actor = acting(made(alice, permissions=BUILD))
    agent = create_agent(actor=actor, name="Made by key")
    assert agent.owner_id == alice.user.pk
    body = bytes(Outbox.objects.order_by("-pk")[0].body)
    assert f'"by_key":"{actor.key}"'.encode() in body
    assert alice.user.ref.encode() in body


def test_for_single_agents_it_reaches_these_alone(alice: Person) -> None:
    one, other = (create_agent(actor=alice.actor, name=name) for name in ("One", "Other"))
    mine = acting(made(alice, agents=frozenset({one.pk}), permissions=frozenset(Permission)))
    teams = acting(made(alice, agents=frozenset({one.pk}), permissions=ASK, is_service=True))
    for actor in (mine, teams):
        assert not actor.holds(Permission.AGENT_VIEW)  # not in all of the team
        assert list(agents(actor)) == [one]
        with pytest.raises(PermissionDeniedError):
            create_agent(actor=actor, name="Beside it")
    assert {agent.pk for agent in agents(acting(made(alice)))} == {one.pk, other.pk}


def test_it_may_no_more_than_its_person_now(alice: Person, bob: Person) -> None:
    token = made(bob, permissions=frozenset(Permission))
    assert not acting(token).holds(Permission.MEMBER_UPDATE)
    assert acting(token).holds(Permission.AGENT_CREATE)
    suspend_member(actor=alice.actor, team=alice.team, user=bob.user)
    with pytest.raises(KeyRefusedError):
        actor_by_token(token)


def test_it_ends_with_the_membership_but_the_teams_own_stays(alice: Person, bob: Person) -> None:
    bobs, teams = made(bob), made(alice, is_service=True)
    remove_member(actor=alice.actor, team=alice.team, user=bob.user)
    for again in (False, True):  # who comes back has nothing of former days
        if again:
            add_member(actor=alice.actor, team=alice.team, user=bob.user, role=Role.BUILDER)
        with pytest.raises(KeyRefusedError):
            actor_by_token(bobs)
    actor = acting(teams)
    assert (actor.kind, actor.user, actor.ref) == (ActorKind.SERVICE, None, actor.key)
    assert actor.holds(Permission.CONVERSATION_CREATE)


def test_expired_revoked_and_mistyped_keys_open_nothing(alice: Person) -> None:
    token = made(alice)
    key = ApiKey.objects.get()
    wrong = token[:20] + ("A" if token[20] != "A" else "B") + token[21:]
    for text in ("", "muniment_", wrong, token[:-1], token + "0", "x" * 10_000):
        with pytest.raises(KeyRefusedError):
            actor_by_token(text)
    assert acting(token).key == key.pk
    ApiKey.objects.update(expires_at=F("created_at") - timedelta(seconds=1))
    with pytest.raises(KeyRefusedError, match="expired"):
        actor_by_token(token)
    other = made(alice)
    revoke_key(actor=alice.actor, key=ApiKey.objects.exclude(pk=key.pk).get())
    with pytest.raises(KeyRefusedError):
        actor_by_token(other)


@pytest.mark.parametrize("draft", [{"days": 0}, {"days": 366}, {"name": " "}, {"agents": frozenset()}])
def test_what_is_no_key_is_refused(alice: Person, draft: dict[str, object]) -> None:
    with pytest.raises(KeyDraftError):
        made(alice, **draft)
    assert not ApiKey.objects.exists()


def test_who_may_make_revoke_and_see_them(alice: Person, bob: Person, carol: Person, mallory: Person) -> None:
    made(alice)
    made(bob)
    with pytest.raises(PermissionDeniedError):
        made(carol)
    with pytest.raises(PermissionDeniedError):
        made(bob, is_service=True)
    alices = ApiKey.objects.get(user=alice.user)
    assert [one.user_id for one in keys_of(bob.actor)] == [bob.user.pk]
    assert keys_of(alice.actor).count() == 2
    assert keys_of(operator_actor(alice.team.pk)).count() == 2
    for actor, error in ((bob.actor, PermissionDeniedError), (mallory.actor, NotFoundError)):
        with pytest.raises(error):
            revoke_key(actor=actor, key=alices)
    revoke_key(actor=bob.actor, key=ApiKey.objects.get(user=bob.user))
    revoke_key(actor=alice.actor, key=alices)
    assert not ApiKey.objects.exists()


def test_its_pages(alice: Person, bob: Person) -> None:
    agent = create_agent(actor=alice.actor, name="Herbarium")
    asked = bob.client.get("/keys/new")
    assert asked.headers["Location"].startswith("/confirm?")
    bob.client.post(asked.headers["Location"], {"password": PASSWORD})
    shown = bob.client.get("/keys/new").content.decode()
    assert "Herbarium" in shown
    assert "team:member:create" not in shown
    sent = {"name": "Bot", "days": "30", "preset": "ask", "reach": "chosen", "agents": agent.pk, "consent": "client"}
    answer = bob.client.post("/keys/new", sent)
    token = next(word for word in answer.content.decode().replace("<", " ").replace(">", " ").split() if is_token(word))
    assert [one.pk for one in agents(acting(token))] == [agent.pk]
    assert bob.client.post("/keys/new", sent | {"name": ""}).status_code == 422
    listed = bob.client.get("/keys").content.decode()
    assert "Bot" in listed
    assert token not in listed
    assert bob.client.post(f"/keys/{ApiKey.objects.get().pk}/revoke").status_code == 302
    assert not ApiKey.objects.exists()
    assert Agent.objects.count() == 1
