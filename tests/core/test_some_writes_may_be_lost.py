"""What begins a sign-in does not wait for the disk; whatever else is committed does, that in between too."""

import pytest
from django.db import connection, transaction

from muniment.accounts.models import Session
from muniment.accounts.sessions import SessionStore
from muniment.core.database.passing import transaction_that_may_be_lost

pytestmark = pytest.mark.django_db(transaction=True)
NORMAL, FULL = 1, 2


def waits() -> int:
    with connection.cursor() as cursor:
        return int(cursor.execute("PRAGMA synchronous").fetchone()[0])


def test_it_is_for_this_transaction_alone() -> None:
    assert waits() == FULL
    with transaction_that_may_be_lost():
        assert waits() == NORMAL
        SessionStore().save()
    assert waits() == FULL
    assert Session.objects.count() == 1


def test_so_it_is_when_that_fails() -> None:
    def written_in_vain() -> None:
        with transaction_that_may_be_lost():
            SessionStore().save()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        written_in_vain()
    assert waits() == FULL
    assert not Session.objects.exists()


def test_a_part_of_another_lasts_as_that_does() -> None:
    with transaction.atomic(), transaction_that_may_be_lost():
        assert waits() == FULL
