"""Attacker: the author of any file. Move: files of every format that were mutated, cut off, spliced, nested beyond
reason, filled with numbers out of all bounds, or named as what they are not (pictures: test_pictures_that_attack).
Guarantee: G-60: each ends as a document or with a reason in its time, no process but a reader ends, and the file beside
it is read."""

from collections.abc import Iterator

import pytest

from muniment.agents.services import create_agent
from muniment.ingest.documents import DocumentState
from muniment.ingest.errors import ParseError, Reason
from muniment.ingest.sandbox.client import Sandbox
from muniment.ingest.selectors import documents
from muniment.ingest.services import add_document
from muniment.ingest.types import ExtractedDocument, Limits
from muniment.jobs.services import run_due
from tests.cast import Person
from tests.ingest import hostile
from tests.ingest.samples import SAMPLES

LIMITS = Limits(max_seconds=20, max_characters=2_000_000, max_memory=512 * 2**20, max_pages=500)
OURS = {Reason.FORBIDDEN_ACT, Reason.TOO_SLOW, Reason.CRASHED, Reason.READER_FAULT}
"""Ends that say that a parser of ours, or a library, does what it should not, whatever the file."""


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as made:
        yield made


def _end(sandbox: Sandbox, name: str, data: bytes) -> ExtractedDocument | Reason:
    """How it ended; anything but a document or a reason is raised, and fails the test."""
    try:
        return sandbox.parse([data], name_hint=name, limits=LIMITS)
    except ParseError as error:
        if error.reason is not Reason.ARCHIVE:
            return error.reason
    try:
        list(sandbox.unpack(lambda: [data], limits=LIMITS))
    except ParseError as error:
        return error.reason
    return Reason.ARCHIVE


def survives(sandbox: Sandbox, files: Iterator[tuple[str, bytes]]) -> list[tuple[str, Reason]]:
    """The reasons that were told; the zygote and this process are the same before and after."""
    keeper = sandbox._keeper
    told = []
    for name, data in files:
        end = _end(sandbox, name, data)
        if isinstance(end, Reason):
            told.append((name, end))
    assert sandbox._keeper is keeper
    assert sandbox.parse([b"The herbarium is open."], name_hint="a.txt").text == "The herbarium is open."
    return told


@pytest.mark.parametrize("name", SAMPLES)
def test_the_honest_files_are_read(name: str, sandbox: Sandbox) -> None:
    assert isinstance(_end(sandbox, name, SAMPLES[name]), ExtractedDocument)


def test_mutated_and_cut(sandbox: Sandbox) -> None:
    told = survives(sandbox, hostile.broken(range(6)))
    assert {reason for _, reason in told}.isdisjoint(OURS), told
    assert len({reason for _, reason in told}) > 4  # and they are told apart


def test_misdeclared(sandbox: Sandbox) -> None:
    told = survives(sandbox, hostile.misdeclared())
    assert {reason for _, reason in told}.isdisjoint(OURS), told


@pytest.mark.parametrize("name", hostile.SHAPED)
def test_out_of_all_bounds(name: str, sandbox: Sandbox) -> None:
    told = survives(sandbox, iter([(name, hostile.SHAPED[name]())]))
    assert {reason for _, reason in told}.isdisjoint(OURS), told


@pytest.mark.django_db(transaction=True)
def test_through_the_worker(alice: Person) -> None:
    agent = create_agent(actor=alice.actor, name="Mixed")
    for name in ("deep.json", "deep.rtf", "spine.epub", "bin.rtf", "deep.zip", "parts.eml"):
        add_document(actor=alice.actor, agent=agent, name=name, source=[hostile.SHAPED[name]()])
    for seed, (name, data) in enumerate(SAMPLES.items()):
        add_document(actor=alice.actor, agent=agent, name=f"{seed}-{name}", source=[hostile.mutated(data, seed)])
    add_document(actor=alice.actor, agent=agent, name="good.txt", source=[SAMPLES["a.txt"]])
    run_due()
    found = {one.name: one for one in documents(alice.actor, agent)}
    assert found["good.txt"].state is DocumentState.LIVE
    assert {one.state for one in found.values()} == {DocumentState.LIVE, DocumentState.FAILED}
    assert all(one.error.endswith(".") for one in found.values() if one.state is DocumentState.FAILED)


def test_a_seed_gives_the_same_file() -> None:
    once, again = list(hostile.broken(range(2))), list(hostile.broken(range(2)))
    assert once == again
    assert len({data for _, data in once}) > len(once) * 0.8
