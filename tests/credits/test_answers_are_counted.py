"""What an answer costs, and what costs nothing, by whichever door it is asked for."""

from datetime import UTC, datetime, timedelta

import pytest

from muniment.agents.models import Agent
from muniment.agents.services import update_agent
from muniment.agents.types import AtOnce
from muniment.chat import services
from muniment.chat.errors import QuestionError
from muniment.chat.types import Finished, Said, Started
from muniment.core.clock import now
from muniment.credits import queries
from muniment.credits.models import MonthlyQueries, QueryUnderWay
from muniment.credits.types import month_after
from muniment.ingest.services import change_deletion
from tests.cast import Person
from tests.credits.conftest import FOOTBALL, PARKING, ask, asked, limit


def test_an_answer_costs_one_however_many_sentences_it_has(alice: Person, hospital: Agent) -> None:
    events = ask(alice, hospital, "Who is welcome on the wards, and what is not allowed there?")
    assert sum(isinstance(one, Said) for one in events) > 1
    assert asked(alice) == 1


def test_the_same_once_more_costs_once_more(alice: Person, hospital: Agent) -> None:
    first = next(one for one in ask(alice, hospital, PARKING) if isinstance(one, Started))
    ask(alice, hospital, PARKING, conversation=first.conversation, replaces=first.message)
    assert asked(alice) == 2


def test_what_the_documents_do_not_hold_costs_nothing(alice: Person, hospital: Agent) -> None:
    ask(alice, hospital, FOOTBALL)
    with pytest.raises(QuestionError):
        ask(alice, hospital, " ")
    assert asked(alice) == 0
    ask(alice, hospital, PARKING)
    assert asked(alice) == 1


def test_a_model_that_does_not_answer_costs_nothing(alice: Person, hospital: Agent) -> None:
    update_agent(actor=alice.actor, agent=hospital, provider="local")  # there is none on this machine
    hospital.refresh_from_db()
    ask(alice, hospital, PARKING)
    assert asked(alice) == 0
    ask(alice, hospital, PARKING, quoting=True)
    assert asked(alice) == 1


def test_one_that_is_stopped_costs_from_its_first_sentence_on(alice: Person, hospital: Agent) -> None:
    limit(alice, queries=10)
    asking = services.ask(actor=alice.actor, agent=hospital, question=PARKING)
    next(asking)
    assert (asked(alice), QueryUnderWay.objects.count()) == (1, 1)  # taken, until it is known
    asking.close()
    assert (asked(alice), QueryUnderWay.objects.count()) == (0, 0)
    asking = services.ask(actor=alice.actor, agent=hospital, question=PARKING)
    while not isinstance(next(asking), Said):
        pass
    asking.close()
    assert (asked(alice), QueryUnderWay.objects.count()) == (1, 0)


def test_unkept_conversations_cost_the_same(alice: Person, hospital: Agent) -> None:
    change_deletion(actor=alice.actor, agent=hospital, deletes=AtOnce(conversations=True))
    assert isinstance(ask(alice, hospital, PARKING, carries="")[-1], Finished)
    assert asked(alice) == 1


def test_the_month_turns(alice: Person, hospital: Agent) -> None:
    ask(alice, hospital, PARKING)
    assert asked(alice) == 1
    MonthlyQueries.objects.update(month="2026-01")
    assert asked(alice) == 0
    assert month_after("2026-12") == datetime(2027, 1, 1, tzinfo=UTC)
    assert month_after("2026-01") == datetime(2026, 2, 1, tzinfo=UTC)


def test_a_question_counts_in_the_month_in_which_it_was_asked(
    alice: Person, hospital: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit(alice, queries=5)
    with queries.one_query(actor=alice.actor, team=alice.team.pk, silo=hospital.silo) as query:
        query.is_answered = True
        begun = query.month
        monkeypatch.setattr(queries, "now", lambda: now() + timedelta(days=31))
    assert list(MonthlyQueries.objects.values_list("month", "queries")) == [(begun, 1)]
