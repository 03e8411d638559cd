"""Everything an installation must be after whatever happened to it: main() finishes the work and prints faults.

One JSON object: `faults`, sentences; `documents`, `conversations`, `agents`, the ids that there are.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from django.db import connection

from muniment.agents.models import Agent
from muniment.agents.selectors import live_agents
from muniment.audit.models import Entry
from muniment.audit.services import checkpoint_now, verify_log
from muniment.chat.models import Conversation
from muniment.chat.records import Message
from muniment.core.actors import SYSTEM
from muniment.crypto.services import keyring
from muniment.ingest.documents import Document, DocumentState
from muniment.jobs.services import run_until
from muniment.retrieval.writing import segment_from
from muniment.silo.sealed import Silo, SiloReader
from muniment.silo.services import open_silo, silos
from muniment.silo.types import Table

Events = dict[str, Counter[str]]


def control_plane() -> Iterator[str]:
    with connection.cursor() as cursor:
        for pragma in ("cipher_integrity_check", "integrity_check", "foreign_key_check"):
            cursor.execute(f"PRAGMA {pragma}")
            if (found := list(cursor.fetchall())) not in ([], [("ok",)]):
                yield f"control plane, {pragma}: {found}"


def keys() -> Iterator[str]:
    ring = keyring()
    for name in ring.rings():
        for ref, _ in ring.refs(name):
            if len(ring.open(ref)) != 32:
                yield f"key {ref} does not open"


def events() -> Events:
    """How often each subject has an event of each kind; agents by their silo."""

    found: Events = defaultdict(Counter)
    for kind, subject, silo in Entry.objects.values_list("kind", "subject", "silo"):
        found[kind][subject or silo or ""] += 1
    return found


def once(log: Events) -> Iterator[str]:
    """Acts that happen to one thing once, each exactly once in the log."""
    kinds = ("document:added", "document:indexed", "document:erased", "conversation:erased", "message:asked")
    kinds += ("message:answered", "agent:created", "agent:erasing", "agent:erased")
    for kind in kinds:
        yield from (f"{kind} of {thing}: {count} times" for thing, count in log[f"agent:{kind}"].items() if count != 1)


def in_agent(agent: "Agent", silo: "Silo", log: Events) -> Iterator[str]:
    silo.engine.check()
    with silo.reading() as reader:
        yield from _documents(agent, reader, log)
        yield from _index(agent, reader)
        for message in map(Message.from_record, reader.records(Table.MESSAGE)):
            if not log["agent:message:asked"][message.id]:
                yield f"message {message.id} was never asked"
            if message.stopped == bool(log["agent:message:answered"][message.id]) and not message.stopped:
                yield f"message {message.id} was never answered"
    with silo.engine.reading() as raw:
        if raw.pending_keys() or raw.pending_events():
            yield f"agent {agent.id} has keys or events that wait"


def _documents(agent: "Agent", reader: "SiloReader", log: Events) -> Iterator[str]:
    there = {record.group: Document.from_record(record) for record in reader.records(Table.DOCUMENT)}
    chunks = Counter(record.group for record in reader.records(Table.CHUNK))
    for document in there.values():
        if document.state is not DocumentState.LIVE:
            yield f"document {document.id} is {document.state}: {document.error}"
        if not document.chunks == chunks[document.id] > 0:
            yield f"document {document.id} has {chunks[document.id]} chunks of {document.chunks}"
        if not (log["agent:document:added"][document.id] and log["agent:document:indexed"][document.id]):
            yield f"document {document.id} came in without an event"
        if log["agent:document:erased"][document.id]:
            yield f"document {document.id} was erased, and is there"
    for table in (Table.CHUNK, Table.TEXT, Table.SENTENCES, Table.LOOKUP, Table.QUEUE):
        if lost := {record.group for record in reader.records(table)} - set(there):
            yield f"{table} of agent {agent.id} holds records of no document: {lost}"
    if reader.count(Table.QUEUE):
        yield f"agent {agent.id} has documents that wait"
    names = Counter(document.name for document in there.values())
    yield from (f"{count} documents are named {name}" for name, count in names.items() if count > 1)


def _index(agent: "Agent", reader: "SiloReader") -> Iterator[str]:
    chunks = Counter(int.from_bytes(row, "big") for row in reader.ids(Table.CHUNK))
    found: dict[str, Counter[int]] = {"postings": Counter(), "vectors": Counter()}
    for info in reader.segments():
        content = reader.segment(info.id)
        if content is None:
            yield f"segment {info.id} of agent {agent.id} does not open"
            continue
        found[info.label.partition(":")[0]].update(map(int, segment_from(info.label, content).numbers))
    for kind, numbers in found.items():
        if numbers != chunks:
            yield f"{kind} of agent {agent.id} are not its chunks: {sum(numbers.values())}, {sum(chunks.values())}"


def inspect() -> dict[str, Any]:
    checkpoint_now()
    verify_log()
    log = events()
    faults = [*control_plane(), *keys(), *once(log)]
    agents, documents, conversations = list(live_agents(SYSTEM)), set[str](), set[str]()
    for agent in agents:
        silo = open_silo(agent.silo)
        faults += in_agent(agent, silo, log)
        with silo.reading() as reader:
            documents |= {record.group for record in reader.records(Table.DOCUMENT)}
            talks = {record.group for record in reader.records(Table.CONVERSATION)}
        listed = set(Conversation.objects.filter(agent=agent).values_list("pk", flat=True))
        faults += [f"conversation {one} is in no list" for one in talks - listed]
        conversations |= talks
    alive = {agent.silo for agent in agents}
    logged = set(log["agent:agent:created"]) - set(log["agent:agent:erased"])
    faults += [f"agent of silo {one} is in no log" for one in alive - logged]
    faults += [f"agent of silo {one} is gone without an event" for one in logged - alive]
    left = (set(silos()) | set(keyring().rings())) - alive - {"instance"}
    faults += [f"silo {one} was erased, and left its file or ring" for one in left & set(log["agent:agent:erased"])]
    gone = {one for kind in ("document", "conversation") for one in log[f"agent:{kind}:erased"]}
    faults += [f"{one} was erased, and is there" for one in gone & (documents | conversations)]
    found = {"agents": {agent.id for agent in agents}, "documents": documents, "conversations": conversations}
    return {"faults": faults, **{name: sorted(some) for name, some in found.items()}}


def nothing_waits() -> bool:
    for agent in live_agents(SYSTEM):
        with open_silo(agent.silo).reading() as reader:
            if reader.count(Table.QUEUE):
                return False
    return True


def main() -> None:
    run_until(nothing_waits)
    print(json.dumps(inspect()))  # noqa: T201 - how it is read
