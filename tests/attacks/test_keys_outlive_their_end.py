"""Attacker: holds a key that was revoked, or whose owner was suspended, or may less by now. Move: goes on asking the
thread that answered a moment ago, and remembers who acts by it. Guarantee: G-125; decision 0026.
"""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from muniment.core.permissions import Permission
from muniment.teams.errors import KeyRefusedError
from muniment.teams.keys import Made
from muniment.teams.services import actor_by_token, change_role, create_key, revoke_key, suspend_member
from muniment.teams.types import KeyDraft, Role
from tests.cast import Person

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def made(bob: Person) -> Made:
    """A key of Bob's."""
    return create_key(actor=bob.actor, team=bob.team, draft=KeyDraft("Mine", frozenset(Permission)))


@pytest.fixture
def in_thread() -> Iterator[Callable[[Callable[[], object]], object]]:
    """Does all it is given in one and the same thread, as those that answer requests do."""
    with ThreadPoolExecutor(1) as thread:
        yield lambda act: thread.submit(act).result()
        thread.submit(connections.close_all).result()


Thread = Callable[[Callable[[], object]], object]


def remembered(in_thread: Thread, made: Made) -> None:
    def twice() -> None:
        assert actor_by_token(made.token)[0].holds(Permission.AGENT_CREATE)
        actor_by_token(made.token)  # the first one noted the time of use, which voided what was found
        assert connection.found.answer(("key", made.key.token_hash), lambda: None) is not None
        assert threading.current_thread() is not threading.main_thread()

    in_thread(twice)


def test_a_revoked_key_is_refused_at_once(alice: Person, bob: Person, made: Made, in_thread: Thread) -> None:
    remembered(in_thread, made)
    revoke_key(actor=bob.actor, key=made.key)
    with pytest.raises(KeyRefusedError):
        in_thread(lambda: actor_by_token(made.token))


def test_so_is_that_of_a_suspended_member(alice: Person, bob: Person, made: Made, in_thread: Thread) -> None:
    remembered(in_thread, made)
    suspend_member(actor=alice.actor, team=bob.team, user=bob.user)
    with pytest.raises(KeyRefusedError):
        in_thread(lambda: actor_by_token(made.token))


def test_a_lesser_role_is_lesser_at_once(alice: Person, bob: Person, made: Made, in_thread: Thread) -> None:
    remembered(in_thread, made)
    change_role(actor=alice.actor, team=bob.team, user=bob.user, role=Role.CHAT_ONLY)
    assert not in_thread(lambda: actor_by_token(made.token)[0].holds(Permission.AGENT_CREATE))
