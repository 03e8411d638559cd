"""Attacker: can write the file of one silo, with its key, and so its outbox.

Move: leaves events there that speak for another silo, pass for entries only the log itself makes, carry a name in the
clear, take the id of an event that is in the log already, or come with a detail that is not theirs.
Guarantee: none of them becomes the entry it claims to be; an entry says that something was rejected, and where.
"""

from collections.abc import Callable
from typing import Any

import pytest

from muniment.audit import canonical
from muniment.audit.models import Entry
from muniment.audit.services import adopt_events, pending_event, run_once, verify_log
from muniment.core.clock import now
from muniment.core.ids import new_id
from muniment.core.registries import outbox_sources
from tests.audit.cast import TESTED, act, member, operator

pytestmark = pytest.mark.django_db
MINE, OTHER = new_id(), new_id()


class Silo:
    def __init__(self) -> None:
        self.events: list[tuple[str, str, bytes]] = []

    def pending(self) -> list[tuple[str, str, bytes]]:
        return self.events

    def drained(self, silo: str, event_ids: list[str]) -> None:
        self.events = [event for event in self.events if event[0] != silo or event[1] not in event_ids]


@pytest.fixture
def silo(monkeypatch: pytest.MonkeyPatch) -> Silo:
    source = Silo()
    monkeypatch.setitem(outbox_sources._entries, "tested silos", source)
    return source


def forged(change: Callable[[dict[str, Any]], object], **parts: Any) -> tuple[str, str, bytes]:
    _, body = pending_event(**{"kind": TESTED, "actor": operator(), "silo": MINE, **parts})
    value = canonical.decode(body)
    change(value)
    return MINE, str(value["event"]["id"]), canonical.encode(value)


MOVES: dict[str, Callable[[dict[str, Any]], object]] = {
    "another silo": lambda value: value["event"].update(silo=OTHER),
    "no silo": lambda value: value["event"].update(silo=None),
    "an opening": lambda value: value["event"].update(
        kind="audit:log:open", facts={"previous_size": 0, "previous_root": "0" * 64}
    ),
    "a name as a fact": lambda value: value["event"]["facts"].update(count="Alice"),
    "a name as an actor": lambda value: value["event"].update(actor="alice@example.org"),
    "a place of its own": lambda value: value["event"].update(seq=0),
    "a field too few": lambda value: value["event"].pop("request"),
    "a time that is none": lambda value: value["event"].update(at="yesterday"),
    "a detail that is not sealed": lambda value: value.update(detail={"keys": "", "ciphertext": ""}),
}


def test_an_honest_event_becomes_its_entry(silo: Silo) -> None:
    silo.events = [forged(lambda _value: None)]
    event = silo.events[0][1]
    run_once(now=now())
    assert Entry.objects.get(event=event).silo == MINE
    assert not Entry.objects.filter(kind="audit:event:reject").exists()


@pytest.mark.parametrize("move", MOVES)
def test_nor_when_its_events_are_taken_along_as_the_silo_goes(move: str) -> None:
    honest, lie = forged(lambda _value: None)[1:], forged(MOVES[move])[1:]
    adopt_events(silo=MINE, events=[honest, lie])
    run_once(now=now())
    assert Entry.objects.get(event=honest[0]).silo == MINE
    assert not Entry.objects.filter(event=lie[0]).exists()
    assert canonical.decode(Entry.objects.get(kind="audit:event:reject").body.encode())["facts"]["silo"] == MINE


@pytest.mark.parametrize("move", MOVES)
def test_a_forged_event_becomes_an_entry_that_says_so(silo: Silo, move: str) -> None:
    silo.events = [forged(MOVES[move])]
    event = silo.events[0][1]
    run_once(now=now())
    assert not Entry.objects.filter(event=event).exists()
    facts = canonical.decode(Entry.objects.get(kind="audit:event:reject").body.encode())["facts"]
    assert (facts["reason"], facts["silo"]) == ("malformed", MINE)
    assert silo.events == []
    verify_log()


def test_the_id_of_an_event_cannot_be_taken(silo: Silo) -> None:
    event = act(member(new_id()))
    run_once(now=now())
    before = Entry.objects.get(event=event).body
    silo.events = [forged(lambda value: value["event"].update(id=event))]
    run_once(now=now())
    assert Entry.objects.get(event=event).body == before
    facts = canonical.decode(Entry.objects.get(kind="audit:event:reject").body.encode())["facts"]
    assert facts["reason"] == "replayed"
    verify_log()
