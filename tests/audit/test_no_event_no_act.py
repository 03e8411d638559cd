"""The event is in the transaction of the act: they happen together or not at all."""

import pytest
from django.db import transaction

from muniment.audit.errors import EventRefusedError
from muniment.audit.models import Outbox, Person
from muniment.audit.services import record
from muniment.core.ids import new_id
from tests.audit.cast import TESTED, act, operator


@pytest.mark.django_db
def test_an_act_and_its_event_commit_together() -> None:
    with transaction.atomic():
        Person.objects.create(ref=new_id())
        event = record(kind=TESTED, actor=operator())
    assert Person.objects.count() == 1
    assert list(Outbox.objects.values_list("event", flat=True)) == [event]


@pytest.mark.django_db
def test_an_act_that_fails_leaves_no_event() -> None:
    def failing_act() -> None:
        with transaction.atomic():
            record(kind=TESTED, actor=operator())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        failing_act()
    assert Outbox.objects.count() == 0


@pytest.mark.django_db
def test_an_act_whose_event_is_refused_does_not_happen() -> None:
    def act_with_a_name_in_it() -> None:
        with transaction.atomic():
            Person.objects.create(ref=new_id())
            record(kind=TESTED, actor=operator(), facts={"name": "Alice"})

    with pytest.raises(EventRefusedError):
        act_with_a_name_in_it()
    assert Person.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_a_transaction_is_refused() -> None:
    with pytest.raises(EventRefusedError, match="in the transaction of its act"):
        record(kind=TESTED, actor=operator())
    assert act() in set(Outbox.objects.values_list("event", flat=True))
