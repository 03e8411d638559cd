"""What was written of a session with the sign-in it belongs to is not written again with the answer, unless it was
undone. Nobody's session that becomes somebody's is one row all the while, and the key of before opens nothing.
"""

import pytest
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import UpdateError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from muniment.accounts.models import Session
from muniment.accounts.sessions import SessionStore
from tests.cast import Person

pytestmark = pytest.mark.django_db(transaction=True)


def written(store: SessionStore) -> bool:
    with CaptureQueriesContext(connection) as asked:
        store.save()
    return any("accounts_session" in one["sql"] for one in asked.captured_queries)


def kept(store: SessionStore) -> dict[str, object]:
    return dict(SessionStore(store.session_key).items())


def test_what_is_written_already_costs_nothing() -> None:
    store = SessionStore()
    store.create()
    store["known"] = {"a": 1}
    assert written(store)
    assert not written(store)
    store["known"]["a"] = 2
    assert written(store)
    assert kept(store) == {"known": {"a": 2}}


def test_what_was_undone_is_written() -> None:
    store = SessionStore()
    store.create()
    store["known"] = 1
    with transaction.atomic():
        store.save()
        transaction.set_rollback(True)
    assert kept(store) == {}
    assert written(store)
    assert kept(store) == {"known": 1}


def test_a_new_one_is_written_once_and_anew_when_that_was_undone() -> None:
    store = SessionStore()
    store["known"] = 1
    with transaction.atomic():
        store.save()
        store["known"] = 2
        store.save()
        transaction.set_rollback(True)
    assert kept(store) == {}
    assert written(store)
    assert kept(store) == {"known": 2}


def begun() -> tuple[SessionStore, str]:
    """A session of nobody's, and the key it has."""
    store = SessionStore()
    store["known"] = 1
    store.save()
    return SessionStore(store.session_key), store.session_key or ""


@pytest.mark.parametrize("times", [1, 2])
def test_the_key_of_before_opens_nothing(times: int) -> None:
    store, before = begun()
    for _ in range(times):
        store.cycle_key()
    store.save()
    assert kept(store) == {"known": 1}
    assert kept(SessionStore(before)) == {}
    assert Session.objects.count() == 1


def test_nor_does_it_when_the_change_was_undone_and_made_again() -> None:
    store, before = begun()
    store.cycle_key()
    with transaction.atomic():
        store.save()
        transaction.set_rollback(True)
    assert kept(SessionStore(before)) == {"known": 1}
    store.save()
    assert (kept(SessionStore(before)), kept(store)) == ({}, {"known": 1})


def test_one_that_ended_meanwhile_does_not_come_back() -> None:
    store, before = begun()
    store.cycle_key()
    Session.objects.all().delete()
    store.save()
    assert (kept(SessionStore(before)), kept(store)) == ({}, {"known": 1})


def test_what_is_given_up_after_it_got_a_new_key_is_gone_under_both() -> None:
    store, before = begun()
    store.cycle_key()
    store.flush()
    assert kept(SessionStore(before)) == {}
    assert not Session.objects.exists()


def test_somebodys_does_not_become_anothers(bob: Person) -> None:
    """Nor stays it behind under a key that was given up: as when what it holds could not be read."""
    store, before = begun()
    store.cycle_key()
    Session.objects.filter(session_key=before).update(user=bob.user)
    with CaptureQueriesContext(connection) as asked:
        store.save()
    assert any(one["sql"].startswith('INSERT INTO "accounts_session"') for one in asked.captured_queries)
    assert Session.objects.get().session_key == store.session_key
    assert Session.objects.get().user is None


@pytest.mark.parametrize("undone", [True, False])
def test_of_a_sign_in_that_was_undone_nothing_is_written_with_the_answer(bob: Person, undone: bool) -> None:
    store, before = begun()
    with transaction.atomic():
        store.cycle_key()
        store[SESSION_KEY] = str(bob.user.pk)
        transaction.set_rollback(undone)
    if not undone:
        store.save()
        assert Session.objects.get().user == bob.user
        return
    with pytest.raises(UpdateError):
        store.save()
    assert Session.objects.get().session_key == before
    assert Session.objects.get().user is None


def test_nor_does_one_that_ended_after_it_was_written() -> None:
    store, _ = begun()
    store.cycle_key()
    store.save()
    Session.objects.all().delete()
    store["known"] = 2
    with pytest.raises(UpdateError):
        store.save()


def test_a_key_that_is_changed_before_the_commit_opens_nothing_either() -> None:
    store, before = begun()
    with transaction.atomic():
        store.cycle_key()
        store.save()
        between = store.session_key
        store.cycle_key()
    store.save()
    assert [kept(SessionStore(key)) for key in (before, between)] == [{}, {}]
    assert kept(store) == {"known": 1}
    assert Session.objects.count() == 1


def test_somebodys_can_be_ended_while_the_answer_is_made(bob: Person) -> None:
    store = SessionStore()
    store[SESSION_KEY] = str(bob.user.pk)
    store.save()
    store = SessionStore(store.session_key)
    store.cycle_key()
    assert Session.objects.filter(user=bob.user).delete()[0] == 1
    store["known"] = 1
    with pytest.raises(UpdateError):
        store.save()
