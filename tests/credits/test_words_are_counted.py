"""Words stored by an agent: up when a document is live, down when it goes, and as they stand in its silo."""

import io
import zipfile

from muniment.agents.models import Agent
from muniment.agents.services import create_agent, delete_agent
from muniment.agents.types import MaskingMode, MaskingRules
from muniment.credits.models import DocumentWords
from muniment.credits.selectors import team_use
from muniment.ingest.selectors import documents
from muniment.ingest.services import add_document, change_masking, count_words, delete_documents
from muniment.jobs.services import run_due
from tests.cast import Person
from tests.credits.conftest import add, stored, words


def in_silo(person: Person, agent: Agent) -> int:
    return sum(one.words for one in documents(person.actor, agent))


def test_a_live_document_counts_and_a_waiting_one_does_not(alice: Person, agent: Agent) -> None:
    add_document(actor=alice.actor, agent=agent, name="a.txt", source=[words(40)])
    assert stored(alice) == 0
    run_due()
    assert stored(alice) == 40 == in_silo(alice, agent)


def test_a_deleted_one_frees_its_words(alice: Person, agent: Agent) -> None:
    first = add(alice, agent, "a.txt", words(40))
    add(alice, agent, "b.txt", words(25, "seed"))
    delete_documents(actor=alice.actor, agent=agent, documents=[first])
    assert stored(alice) == 25 == in_silo(alice, agent)


def test_a_newer_one_takes_the_place_of_the_older(alice: Person, agent: Agent) -> None:
    add(alice, agent, "a.txt", words(40))
    add(alice, agent, "a.txt", words(55))
    assert stored(alice) == 55 == in_silo(alice, agent)


def test_one_that_cannot_be_read_costs_nothing(alice: Person, agent: Agent) -> None:
    add(alice, agent, "a.txt", words(40))
    add(alice, agent, "b.pdf", b"%PDF-1.7 and no more")
    assert stored(alice) == 40


def test_masking_anew_counts_nothing_twice(alice: Person, agent: Agent) -> None:
    add(alice, agent, "a.txt", b"Dr Eleanor Whitfield wrote to eleanor@example.org on Monday. " + words(30))
    before = stored(alice)
    change_masking(actor=alice.actor, agent=agent, rules=MaskingRules(MaskingMode.MASK))
    run_due()
    assert stored(alice) == before == in_silo(alice, agent) > 30


def test_files_of_an_archive_count_and_the_archive_does_not(alice: Person, agent: Agent) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.txt", words(10))
        archive.writestr("b.txt", words(12, "seed"))
    add(alice, agent, "all.zip", packed.getvalue())
    assert stored(alice) == 22 == in_silo(alice, agent)


def test_each_agent_has_its_own_and_takes_them_with_it(alice: Person, agent: Agent) -> None:
    other = create_agent(actor=alice.actor, name="Archive")
    add(alice, agent, "a.txt", words(40))
    add(alice, other, "a.txt", words(15))
    use = team_use(alice.actor)
    assert (use.by_silo[agent.silo].words, use.by_silo[other.silo].words) == (40, 15)
    delete_agent(actor=alice.actor, agent=agent)
    assert stored(alice) == 15
    assert not DocumentWords.objects.filter(silo=agent.silo).exists()


def test_what_differs_is_found_corrected_and_said(alice: Person, agent: Agent) -> None:
    kept, lost = add(alice, agent, "a.txt", words(40)), add(alice, agent, "b.txt", words(25, "seed"))
    DocumentWords.objects.filter(pk=lost).delete()
    assert count_words(thorough=False).documents == 1
    DocumentWords.objects.filter(pk=kept).update(words=1_000)
    assert count_words(thorough=False).documents == 0  # every number is looked at once a day
    found = count_words(thorough=True)
    assert (found.documents, found.words) == (1, 960)
    assert stored(alice) == 65 == in_silo(alice, agent)
    assert count_words(thorough=True).documents == 0


def test_counts_hold_nothing_but_ids_and_numbers(alice: Person, agent: Agent) -> None:
    document = add(alice, agent, "Eleanor Whitfield.txt", words(40))
    (row,) = DocumentWords.objects.values_list("document", "silo", "team", "words", "held")
    assert row == (document, agent.silo, alice.team.pk, 40, "stored")
    assert {field.name for field in DocumentWords._meta.get_fields()} == {
        "document",
        "silo",
        "team",
        "words",
        "held",
        "since",
    }
