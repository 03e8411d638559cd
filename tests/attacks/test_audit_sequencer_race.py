"""Attacker: nobody; two workers started by mistake, a paused process that wakes, a clock that jumps.

Move: both sequence at once, or one goes on after its lease passed to the other.
Guarantee: one of them appends; nothing is numbered twice, lost or forked; a lost lease appends nothing.
"""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection

from muniment.audit.models import Entry
from muniment.audit.sequencer import Run
from muniment.audit.services import checkpoint_now, run_once, verify_log
from muniment.core.clock import now
from tests.audit.cast import act

EVENTS = 40


@pytest.mark.django_db
def test_a_lost_lease_appends_nothing() -> None:
    moment = now()
    act()
    assert run_once(now=moment, owner="first").appended == 1
    act()
    late = moment + timedelta(seconds=31)
    assert run_once(now=moment, owner="second") == Run(leads=False)
    assert Entry.objects.count() == 2
    assert run_once(now=late, owner="second").appended == 1
    act()
    assert run_once(now=late, owner="first") == Run(leads=False)  # it still believes it leads
    assert Entry.objects.count() == 3
    assert run_once(now=late, owner="second").appended == 1


def numbered_before() -> int:
    """Entries once the silos of other tests have handed over theirs; the lease it took is over by now."""
    while run_once(now=now() - timedelta(minutes=1), owner="before").appended:
        pass
    return Entry.objects.count()


@pytest.mark.django_db(transaction=True)
def test_two_at_once_number_nothing_twice() -> None:
    before = numbered_before()
    events = [act() for _ in range(EVENTS)]
    together, failures, leaders = Barrier(3), [], []

    def sequence(owner: str) -> None:
        try:
            together.wait()
            for _ in range(10):
                run = run_once(now=now(), owner=owner)
                if run.leads and run.appended:
                    leaders.append(owner)
        except BaseException as error:  # noqa: BLE001 - whatever it is, the test must see it
            failures.append(error)
        finally:
            connection.close()

    def sign() -> None:
        try:
            together.wait()
            for _ in range(5):
                checkpoint_now()
        except BaseException as error:  # noqa: BLE001
            failures.append(error)
        finally:
            connection.close()

    threads = [Thread(target=sequence, args=(owner,)) for owner in ("first", "second")] + [Thread(target=sign)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(set(leaders)) <= 1
    assert sorted(Entry.objects.filter(event__in=events).values_list("event", flat=True)) == sorted(events)
    assert verify_log()["entries"] == before + EVENTS
