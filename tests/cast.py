"""The cast of every story, made through the services: Alice owns a team, Bob builds in it, Carol only chats there,
Mallory owns another team. Each test that asks for one gets people of its own, gone when it ends."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client

from muniment.accounts.hashers import ArgonHasher
from muniment.accounts.models import User
from muniment.accounts.services import create_user
from muniment.core.actors import SYSTEM, Actor
from muniment.teams.models import Team
from muniment.teams.selectors import actor_for
from muniment.teams.services import add_member, create_team
from muniment.teams.types import Role

PASSWORD = "a quiet reading room at dusk"


@dataclass
class Person:
    """Somebody with an account: `actor` acts in `team`; `client` is a browser that is signed in."""

    user: User
    team: Team
    password: str = PASSWORD
    _client: list[Client] = field(default_factory=list)

    @property
    def actor(self) -> Actor:
        return actor_for(self.user, self.team)

    @property
    def client(self) -> Client:
        if not self._client:
            self._client.append(signed_in(self.user))
        return self._client[0]


def signed_in(user: User, **options: Any) -> Client:
    """A browser with a session of this person, past the one reminder of the recovery kit."""
    client = Client(**options)
    client.force_login(user)
    return client


def person(name: str) -> User:
    return create_user(actor=SYSTEM, email=f"{name}@example.org", password=PASSWORD, name=name.title())


@pytest.fixture(scope="session", autouse=True)
def cheap_hashing() -> None:
    """The cast's passwords cost 0.2 ms, not 0.2 s; tests/accounts/test_passwords_are_costly.py sees the real cost."""
    ArgonHasher.memory_cost, ArgonHasher.time_cost, ArgonHasher.parallelism = 64, 1, 1


@pytest.fixture
def alice(db: None) -> Person:
    user = person("alice")
    return Person(user, create_team(actor=SYSTEM, name="Reading Room", owner=user))


@pytest.fixture
def bob(alice: Person) -> Person:
    user = person("bob")
    add_member(actor=alice.actor, team=alice.team, user=user, role=Role.BUILDER)
    return Person(user, alice.team)


@pytest.fixture
def carol(alice: Person) -> Person:
    user = person("carol")
    add_member(actor=alice.actor, team=alice.team, user=user, role=Role.CHAT_ONLY)
    return Person(user, alice.team)


@pytest.fixture
def mallory(db: None) -> Person:
    user = person("mallory")
    return Person(user, create_team(actor=SYSTEM, name="Next Door", owner=user))
