"""Attacker: somebody who made an API key while he was a builder, and is suspended, removed, or only chats by now; or
who stole that key. Move: asks every address of the API with it. Guarantee: G-125. A key opens what its owner may as
of now: of who left, nothing; of who only chats, to ask what is granted to him."""

from collections.abc import Callable

import pytest

from muniment.agents.models import Agent
from muniment.agents.services import grant_agent
from muniment.teams.models import ApiKey
from muniment.teams.services import change_role, remove_member, resume_member, suspend_member
from muniment.teams.types import Role
from tests.attacks.test_addresses_answer_by_role import (
    FOREIGN,
    GRANTED,
    PERSONAL,
    TEAMS,
    Stage,
    stage,  # noqa: F401 - a fixture
)
from tests.attacks.test_api_answers_by_role import DELETES, allowed, answer, expected, made, rows
from tests.cast import Person

pytestmark = pytest.mark.django_db(transaction=True)


def suspended(team: Person, whose: Person) -> None:
    suspend_member(actor=team.actor, team=team.team, user=whose.user)


def removed(team: Person, whose: Person) -> None:
    remove_member(actor=team.actor, team=team.team, user=whose.user, heir=team.user)


def shut_out(team: Person, whose: Person) -> None:
    """By the operator, or a directory: the account itself is off."""
    whose.user.is_active = False
    whose.user.save()


def statuses(stage: Stage, token: str, agent: str) -> dict[str, int]:  # noqa: F811
    """By row, but for the one that would delete the agent."""
    return {str(row): answer(row, agent, token) for row in rows() if (row.method, row.address) != DELETES}


@pytest.mark.parametrize("leaves", [suspended, removed, shut_out])
def test_of_who_left_it_opens_nothing(stage: Stage, leaves: Callable[[Person, Person], None]) -> None:  # noqa: F811
    bob, agent = stage.people[Role.BUILDER], stage.agents["", TEAMS]["agent"]
    token, service = made(bob), made(stage.team, is_service=True)
    before = statuses(stage, token, agent)
    assert 401 not in before.values()
    leaves(stage.team, bob)
    after = statuses(stage, token, agent)
    assert set(after.values()) == {401}
    assert len(after) >= 50
    assert 401 not in statuses(stage, service, agent).values()  # the team's own outlives whoever it was


def test_of_who_was_suspended_it_opens_again_when_resumed(stage: Stage) -> None:  # noqa: F811
    bob, agent = stage.people[Role.BUILDER], stage.agents["", TEAMS]["agent"]
    token = made(bob)
    suspended(stage.team, bob)
    assert set(statuses(stage, token, agent).values()) == {401}
    resume_member(actor=stage.team.actor, team=stage.team.team, user=bob.user)
    assert 401 not in statuses(stage, token, agent).values()


def test_a_removed_persons_key_does_not_come_back_with_him(stage: Stage) -> None:  # noqa: F811
    bob = stage.people[Role.BUILDER]
    token = made(bob)
    removed(stage.team, bob)
    assert not ApiKey.objects.filter(user=bob.user).exists()
    stage.team.client.post("/members/invite", {"email": bob.user.email, "role": "builder", "days": "7"})
    assert set(statuses(stage, token, stage.agents["", TEAMS]["agent"]).values()) == {401}


def test_of_who_only_chats_it_asks_what_is_granted(stage: Stage) -> None:  # noqa: F811
    """Made while he was a builder: it shrinks with its person, whatever it says."""
    bob = stage.people[Role.BUILDER]
    token = made(bob)
    change_role(actor=stage.team.actor, team=stage.team.team, user=bob.user, role=Role.CHAT_ONLY)
    wrong = []
    for row in rows():
        for relation in (GRANTED, TEAMS, PERSONAL, FOREIGN):
            if (row.method, row.address) == DELETES and relation == GRANTED:
                continue
            got = answer(row, stage.agents["", relation]["agent"], token)
            if got not in expected(row, Role.CHAT_ONLY, relation):
                wrong.append(f"{row}, {relation}: {got}")
    assert wrong == []
    completions = next(row for row in rows() if row.address == "/v1/chat/completions")
    fresh = stage.agents["", TEAMS]["agent"]
    assert answer(completions, fresh, token) == 404
    grant_agent(actor=stage.team.actor, agent=Agent.objects.get(pk=fresh), user=bob.user.pk)
    assert answer(completions, fresh, token) in allowed(completions)
