"""Events out of silos: once each, whatever crashes in between, and a silo speaks for itself only."""

import pytest

from muniment.audit import canonical
from muniment.audit.models import Entry
from muniment.audit.services import checkpoint_now, pending_event, run_once, verify_log
from muniment.core.clock import now
from muniment.core.errors import CorruptedError
from muniment.core.ids import new_id
from muniment.core.registries import outbox_sources
from tests.audit.cast import TESTED, act, operator

pytestmark = pytest.mark.django_db
SILO = new_id()


class Silo:
    """An outbox in memory that forgets only when told, and not even then while `deaf`."""

    def __init__(self) -> None:
        self.events: dict[str, tuple[str, bytes]] = {}
        self.deaf = self.broken = False

    def act(self, silo: str = SILO) -> str:
        event, body = pending_event(kind=TESTED, actor=operator(), silo=SILO)
        self.events[event] = (silo, body)
        return event

    def pending(self) -> list[tuple[str, str, bytes]]:
        if self.broken:
            raise CorruptedError("This silo is damaged. Restore it from a backup.")
        return [(silo, event, body) for event, (silo, body) in self.events.items()]

    def drained(self, silo: str, event_ids: list[str]) -> None:
        if not self.deaf:
            for event in event_ids:
                assert self.events.pop(event, (silo, b""))[0] == silo


@pytest.fixture
def silo(monkeypatch: pytest.MonkeyPatch) -> Silo:
    source = Silo()
    monkeypatch.setitem(outbox_sources._entries, "tested silos", source)
    return source


def kinds() -> list[str]:
    return list(Entry.objects.exclude(kind__startswith="audit:log").order_by("pk").values_list("kind", flat=True))


def facts() -> list[dict[str, object]]:
    bodies = Entry.objects.filter(kind="audit:event:reject").order_by("pk").values_list("body", flat=True)
    return [canonical.decode(body.encode())["facts"] for body in bodies]


def test_events_of_a_silo_come_in_and_are_forgotten_there(silo: Silo) -> None:
    events = [silo.act() for _ in range(3)]
    assert run_once(now=now()).appended == 3
    assert list(Entry.objects.filter(silo=SILO).order_by("seq").values_list("event", flat=True)) == events
    assert silo.events == {}


def test_an_event_that_comes_twice_is_in_the_log_once(silo: Silo) -> None:
    silo.deaf = True  # the sequencer died after its commit, before the silo heard of it
    event = silo.act()
    assert run_once(now=now()).appended == 1
    assert run_once(now=now()).appended == 0
    silo.deaf = False
    checkpoint_now()
    assert Entry.objects.filter(event=event).count() == 1
    assert silo.events == {}
    assert kinds() == [TESTED.name]


def test_what_is_no_event_becomes_an_entry_that_says_so_once(silo: Silo) -> None:
    silo.deaf = True
    silo.events["x" * 500] = (SILO, b"rubbish \xff")
    silo.act()
    run_once(now=now())
    run_once(now=now())
    assert kinds() == ["audit:event:reject", TESTED.name]
    assert facts()[0]["reason"] == "malformed"
    assert facts()[0]["silo"] == SILO
    verify_log()


def test_a_damaged_source_holds_up_no_other(silo: Silo) -> None:
    silo.act()
    silo.broken = True
    act()
    assert run_once(now=now()).appended == 1
    silo.broken = False
    assert run_once(now=now()).appended == 1


def test_events_that_are_never_forgotten_do_not_hold_a_checkpoint(silo: Silo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("muniment.audit.sequencer.STEP", 3)
    silo.deaf = True
    for _ in range(5):
        silo.act()
    checkpoint_now()
    assert len(kinds()) == 5
    checkpoint_now()
    assert len(kinds()) == 5
