"""Attacker: two owners, or one with two browsers. Move: at the same moment each removes, demotes or suspends the other.
Guarantee: G-122. A team keeps an owner who can act: of two acts at once one comes second and is refused."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from muniment.core.actors import Actor
from muniment.core.errors import MunimentError
from muniment.teams.models import Membership
from muniment.teams.services import add_member, change_role, remove_member, suspend_member
from muniment.teams.types import Role
from tests.cast import Person, person

Act = Callable[[Actor, Any, Any], object]
ACTS: dict[str, Act] = {
    "remove": lambda actor, team, user: remove_member(actor=actor, team=team, user=user),
    "demote": lambda actor, team, user: change_role(actor=actor, team=team, user=user, role=Role.MEMBER),
    "suspend": lambda actor, team, user: suspend_member(actor=actor, team=team, user=user),
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", ACTS)
def test_one_of_two_is_left(alice: Person, act: str) -> None:
    dora = Person(person("dora"), alice.team)
    add_member(actor=alice.actor, team=alice.team, user=dora.user, role=Role.OWNER)
    pairs, together = [(alice.actor, dora.user), (dora.actor, alice.user)], Barrier(2)

    def at_once(pair: tuple[Actor, Any]) -> bool:
        together.wait()
        try:
            ACTS[act](pair[0], alice.team, pair[1])
        except MunimentError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as threads:
        done = list(threads.map(at_once, pairs))
    assert sorted(done) == [False, True]
    assert Membership.objects.filter(team=alice.team, role=Role.OWNER, suspended_at=None).count() == 1
