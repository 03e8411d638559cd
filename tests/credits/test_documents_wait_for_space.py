"""A document that a limit has no room for is kept as it came, waits, and goes on by itself."""

from typing import Any

from muniment.agents.models import Agent
from muniment.agents.services import create_agent, delete_agent
from muniment.credits.selectors import team_use
from muniment.credits.services import reset_limits
from muniment.ingest.selectors import documents, original, totals
from muniment.ingest.services import add_document, delete_documents, delete_originals
from muniment.jobs.services import run_due
from muniment.teams.selectors import operator_actor
from tests.cast import Person
from tests.credits.conftest import add, limit, states, stored, words


def test_it_waits_and_nothing_of_it_is_lost(alice: Person, agent: Agent) -> None:
    limit(alice, words=50)
    add(alice, agent, "a.txt", words(40))
    late = add(alice, agent, "b.txt", words(25, "seed"))
    assert states(alice, agent) == {"a.txt": "live", "b.txt": "waiting"}
    assert stored(alice) == 40
    assert b"".join(original(alice.actor, agent, late)) == words(25, "seed")
    held = totals(alice.actor, agent)
    assert (held.live, held.waiting, held.working, held.failed) == (1, 1, 0, 0)
    assert team_use(alice.actor).waiting == 1


def test_a_raised_limit_lets_it_in(alice: Person, agent: Agent) -> None:
    limit(alice, words=50)
    add(alice, agent, "a.txt", words(40))
    add(alice, agent, "b.txt", words(25, "seed"))
    limit(alice, words=64)
    assert states(alice, agent)["b.txt"] == "waiting"
    limit(alice, words=65)
    assert states(alice, agent)["b.txt"] == "live"
    assert (stored(alice), team_use(alice.actor).waiting) == (65, 0)


def test_so_does_taking_the_limit_away(alice: Person, agent: Agent) -> None:
    limit(alice, words=0)
    add(alice, agent, "a.txt", words(40))
    assert states(alice, agent)["a.txt"] == "waiting"
    reset_limits(actor=operator_actor(None), team=alice.team.pk)
    run_due()
    assert states(alice, agent)["a.txt"] == "live"


def test_so_does_deleting_another(alice: Person, agent: Agent) -> None:
    limit(alice, words=50)
    first = add(alice, agent, "a.txt", words(40))
    add(alice, agent, "b.txt", words(25, "seed"))
    delete_documents(actor=alice.actor, agent=agent, documents=[first])
    run_due()
    assert states(alice, agent) == {"b.txt": "live"}


def test_so_does_deleting_another_agent_of_the_team(alice: Person, agent: Agent) -> None:
    other = create_agent(actor=alice.actor, name="Archive")
    limit(alice, words=50)
    add(alice, other, "a.txt", words(40))
    add(alice, agent, "b.txt", words(25, "seed"))
    delete_agent(actor=alice.actor, agent=other)
    run_due()
    assert states(alice, agent) == {"b.txt": "live"}


def test_a_newer_version_needs_room_for_what_it_has_more(alice: Person, agent: Agent) -> None:
    limit(alice, words=50)
    add(alice, agent, "a.txt", words(40))
    add(alice, agent, "a.txt", words(50, "seed"))
    assert (stored(alice), states(alice, agent)) == (50, {"a.txt": "live"})
    add(alice, agent, "a.txt", words(51, "leaf"))
    found = {one.state.value: one for one in documents(alice.actor, agent)}
    assert (found["waiting"].needs, found["live"].words) == (1, 50)  # the older one answers until then


def test_a_small_one_passes_a_large_one(alice: Person, agent: Agent) -> None:
    limit(alice, words=50)
    add(alice, agent, "large.txt", words(60))
    add(alice, agent, "small.txt", words(20, "seed"))
    assert states(alice, agent) == {"large.txt": "waiting", "small.txt": "live"}


def test_the_same_bytes_again_are_the_one_that_waits(alice: Person, agent: Agent) -> None:
    limit(alice, words=0)
    waits = add(alice, agent, "a.txt", words(40))
    again = add_document(actor=alice.actor, agent=agent, name="copy.txt", source=[words(40)])
    assert (again.duplicate, again.document) == (True, waits)


def test_one_that_waits_can_be_deleted(alice: Person, agent: Agent) -> None:
    limit(alice, words=0)
    waits = add(alice, agent, "a.txt", words(40))
    delete_documents(actor=alice.actor, agent=agent, documents=[waits])
    assert (states(alice, agent), team_use(alice.actor).waiting) == ({}, 0)


def test_its_file_is_deleted_once_it_was_let_in_and_not_before(alice: Person, agent: Agent) -> None:
    limit(alice, words=0)
    add(alice, agent, "a.txt", words(40), delete_original=True)
    delete_originals(actor=alice.actor, agent=agent)
    (waits,) = documents(alice.actor, agent)
    assert not waits.original_erased
    limit(alice, words=40)
    (live,) = documents(alice.actor, agent)
    assert (live.state.value, bool(live.original_erased)) == ("live", True)


def test_an_installation_limits_every_team(alice: Person, mallory: Person, agent: Agent, settings: Any) -> None:
    settings.MUNIMENT_TEAM_WORDS = 30
    add(alice, agent, "a.txt", words(40))
    assert states(alice, agent) == {"a.txt": "waiting"}
    assert team_use(mallory.actor).words.limit == 30
    limit(alice, words=None)
    assert states(alice, agent) == {"a.txt": "live"}
    assert team_use(mallory.actor).words.limit == 30
