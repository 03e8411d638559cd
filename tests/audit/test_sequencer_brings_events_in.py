
import pytest
from django.db import transaction

from muniment.audit.models import Entry, Outbox
from muniment.audit.services import record, run_once
from muniment.audit.verification import verify_log
from muniment.core.clock import now
from tests.audit.cast import TESTED, operator

pytestmark = pytest.mark.django_db


def test_an_event_gets_its_place_and_leaves_the_outbox() -> None:
    with transaction.atomic():
        event = record(kind=TESTED, actor=operator(), facts={"count": 3})
    assert Outbox.objects.count() == 1
    run = run_once(now=now())
    assert (run.leads, run.appended, run.more) == (True, 1, False)
    assert Entry.objects.get(event=event).seq == 1  # after the opening entry
    assert Outbox.objects.count() == 0
    assert verify_log()["entries"] == 2
