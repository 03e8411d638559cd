"""Events from the control plane's outbox get their place, and checkpoints come in time, also when nothing happens."""

from datetime import timedelta

import pytest

from muniment.audit import sequencer
from muniment.audit.canonical import decode
from muniment.audit.models import Checkpoint, Entry, Outbox
from muniment.audit.services import checkpoint_now, run_once, verify_log
from muniment.audit.verifier import read_checkpoint
from muniment.core.clock import frozen, now
from muniment.core.ids import new_id
from tests.audit.cast import act, member

pytestmark = pytest.mark.django_db


def test_an_event_gets_its_place_and_leaves_the_outbox() -> None:
    alice = member(new_id())
    event = act(alice, facts={"count": 3}, subject=new_id(), silo=new_id(), request=new_id())
    run = run_once(now=now())
    assert (run.leads, run.appended, run.left) == (True, 1, 0)
    entry = Entry.objects.get(event=event)
    assert Outbox.objects.count() == 0
    fields = decode(entry.body.encode())
    assert (fields["seq"], fields["actor"], fields["team"], fields["facts"]) == (1, alice.ref, alice.team, {"count": 3})
    names = "actor at facts id kind outcome request schema sealed seq silo subject team"
    assert sorted(fields) == names.split()
    assert verify_log()["entries"] == 2


def test_events_keep_their_order() -> None:
    events = [act() for _ in range(5)]
    run_once(now=now())
    assert list(Entry.objects.filter(event__in=events).order_by("seq").values_list("event", flat=True)) == events


def test_a_checkpoint_after_ten_minutes_also_when_idle() -> None:
    moment = now()
    with frozen(moment):
        act()
        run_once(now=moment)
    assert Checkpoint.objects.count() == 1  # of the opening
    for minutes, checkpoints, entries in [(9, 1, 2), (11, 2, 2), (20, 2, 2), (22, 3, 3), (33, 4, 4)]:
        run_once(now=moment + timedelta(minutes=minutes))
        assert (Checkpoint.objects.count(), Entry.objects.count()) == (checkpoints, entries), minutes
    assert set(Entry.objects.filter(seq__gte=2).values_list("kind", flat=True)) == {"audit:log:heartbeat"}
    assert verify_log()["unsigned"] == 0


def test_a_checkpoint_after_a_thousand_entries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sequencer, "STEP", 10)
    monkeypatch.setattr(sequencer, "UNSIGNED", 10)
    moment = now()
    for _ in range(12):
        act()
    run = run_once(now=moment)
    assert (run.appended, run.checkpointed, run.left) == (10, True, 2)
    run = run_once(now=moment)
    assert (run.appended, run.checkpointed, run.left) == (2, False, 0)


def test_a_checkpoint_on_demand_covers_more_than_one_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sequencer, "STEP", 4)
    before = checkpoint_now()
    events = [act() for _ in range(10)]
    head = checkpoint_now()
    assert (head.size - before.size, Checkpoint.objects.count(), Outbox.objects.count()) == (10, 2, 0)
    assert list(Entry.objects.filter(event__in=events).order_by("seq").values_list("event", flat=True)) == events
    verify_log()


def test_what_another_brought_in_meanwhile_comes_once() -> None:
    """Read before the lock was had."""
    act()
    waiting = list(Outbox.objects.all())
    run_once(now=now())
    Outbox.objects.bulk_create(waiting)
    run = run_once(now=now())
    assert (run.appended, run.left, Outbox.objects.count()) == (0, 0, 0)
    assert Entry.objects.filter(event=waiting[0].event).count() == 1


def test_a_turn_brings_in_what_waits_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sequencer, "STEP", 3)
    monkeypatch.setattr(sequencer, "PAUSE", 0)
    for _ in range(8):
        act()
    assert (run_once(now=now()).appended, Outbox.objects.count()) == (6, 2)  # nobody waits for less than a step
    assert (run_once(now=now()).appended, Outbox.objects.count()) == (2, 0)
    for _ in range(3 * sequencer.STEPS + 4):
        act()
    run_once(now=now())
    assert Outbox.objects.count() == 4  # others have their turn


def test_a_checkpoint_does_not_wait_for_what_comes_after_it_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Attack: others record one event after another, each before the lock is had."""
    before, lock = act(), sequencer.lease.lock

    def lock_after_another() -> None:
        act()
        lock()

    monkeypatch.setattr(sequencer.lease, "lock", lock_after_another)
    head = checkpoint_now()
    assert Entry.objects.get(event=before).seq < head.size
    assert (head.size, Outbox.objects.count()) == (2, 1)


def test_an_idle_run_writes_nothing() -> None:
    moment = now()
    run_once(now=moment, owner="me")
    before = list(sequencer.lease.Lease.objects.values_list("term", "until"))
    assert run_once(now=moment + timedelta(seconds=1), owner="me").leads
    assert list(sequencer.lease.Lease.objects.values_list("term", "until")) == before


def test_a_checkpoint_on_demand_covers_everything_whoever_holds_the_lease() -> None:
    run_once(now=now(), owner="somebody else")
    act()
    head = checkpoint_now()
    assert head.size == Entry.objects.count() == 2
    assert read_checkpoint(head.note).root == bytes(head.root)
    assert checkpoint_now().size == 2  # nothing new: nothing to sign
    assert sequencer.lease.Lease.objects.get().owner == "somebody else"
