"""What was written of a session with the sign-in it belongs to is not written again with the answer, unless it was
undone.
"""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from muniment.accounts.sessions import SessionStore

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
