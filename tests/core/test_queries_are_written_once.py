"""A query that is written once is asked each time, and finds what is there now."""

import threading

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from muniment.core.database.prepared import Given, Prepared
from muniment.teams.models import Domain, Team
from muniment.teams.types import DomainState

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def verified() -> Prepared[Domain]:
    """A team's verified domains, each with its team."""
    rows = Domain.objects.filter(team=Given("team"), state=DomainState.VERIFIED).order_by("name")
    return Prepared(lambda: rows.select_related("team"))


def proven(name: str, domain: str) -> Team:
    team = Team.objects.create(name=name)
    Domain.objects.create(team=team, name=domain, token="t" * 43, state=DomainState.VERIFIED)
    return team


def test_it_finds_what_the_query_finds(verified: Prepared[Domain]) -> None:
    ours, others = proven("ours", "ours.example"), proven("others", "others.example")
    Domain.objects.create(team=ours, name="pending.example", token="t" * 43)
    for team in (ours, others, ours):
        assert verified.ask(team=team.pk) == list(Domain.objects.filter(team=team, state=DomainState.VERIFIED))
    assert verified.ask(team="nobody's") == []


def test_it_asks_each_time(verified: Prepared[Domain]) -> None:
    team = proven("ours", "ours.example")
    assert [one.name for one in verified.ask(team=team.pk)] == ["ours.example"]
    Domain.objects.create(team=team, name="second.example", token="t" * 43, state=DomainState.VERIFIED)
    assert [one.name for one in verified.ask(team=team.pk)] == ["ours.example", "second.example"]
    Domain.objects.all().delete()
    assert verified.ask(team=team.pk) == []


def test_what_is_read_with_it_needs_no_other_query(verified: Prepared[Domain]) -> None:
    team = proven("ours", "ours.example")
    with CaptureQueriesContext(connection) as asked:
        assert [(one.team.name, one.team.created_at == team.created_at) for one in verified.ask(team=team.pk)] == [
            ("ours", True)
        ]
    assert len(asked) == 1


def test_values_alone() -> None:
    team = proven("ours", "ours.example")
    names = Prepared(lambda: Domain.objects.filter(team=Given("team")).values_list("name", flat=True))
    assert names.ask(team=team.pk) == ["ours.example"]


def test_a_value_is_never_part_of_the_statement(verified: Prepared[Domain]) -> None:
    team = proven("ours", "ours.example")
    assert verified.ask(team=f"{team.pk}' OR '1'='1") == []
    assert len(verified.ask(team=team.pk)) == 1


def test_a_value_that_is_missing_is_an_error(verified: Prepared[Domain]) -> None:
    team = proven("ours", "ours.example")
    assert len(verified.ask(team=team.pk)) == 1
    with pytest.raises(KeyError):
        verified.ask()


def test_each_thread_asks_by_its_own_connection(verified: Prepared[Domain]) -> None:
    team, found = proven("ours", "ours.example"), list[str]()
    assert len(verified.ask(team=team.pk)) == 1

    def ask() -> None:
        found.extend(one.name for one in verified.ask(team=team.pk))
        connections.close_all()

    for _ in range(2):
        thread = threading.Thread(target=ask)
        thread.start()
        thread.join()
    assert found == ["ours.example", "ours.example"]


def test_it_outlives_its_connection(verified: Prepared[Domain]) -> None:
    team = proven("ours", "ours.example")
    assert len(verified.ask(team=team.pk)) == 1
    connection.close()
    assert len(verified.ask(team=team.pk)) == 1
