"""Transactional tests of every room leave events behind; emptying the tables after them must keep the guards."""

import pytest
from django.core.management import call_command
from django.db import transaction

from muniment.audit.models import Entry
from muniment.audit.services import checkpoint_now, record
from muniment.audit.verification import missing_guards
from tests.audit.cast import TESTED, operator


@pytest.mark.django_db(transaction=True)
def test_tables_can_be_emptied_between_tests_and_stay_guarded() -> None:
    with transaction.atomic():
        record(kind=TESTED, actor=operator())
    checkpoint_now()
    assert Entry.objects.exists()
    call_command("flush", verbosity=0, interactive=False)
    assert not Entry.objects.exists()
    assert missing_guards() == []
