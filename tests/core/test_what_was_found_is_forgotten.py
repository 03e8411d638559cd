"""What was found in the control plane is used again only while nobody, in whatever process, has committed anything."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from muniment.core.database.unchanged import while_unchanged
from muniment.teams.models import Team

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def names() -> Callable[[], list[str]]:
    """Asks for the names of all teams, of which there is one."""
    Team.objects.create(name="one")
    connection.found.forget()
    return lambda: while_unchanged("names", lambda: list(Team.objects.order_by("name").values_list("name", flat=True)))


def elsewhere(act: Callable[[], object]) -> None:
    """In another connection."""

    def run() -> None:
        act()
        connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


def test_nothing_is_asked_twice(names: Callable[[], list[str]]) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert names() == names() == ["one"]
    assert len(asked) == 1


def test_what_another_connection_commits_is_seen(names: Callable[[], list[str]]) -> None:
    assert names() == ["one"]
    elsewhere(lambda: Team.objects.create(name="two"))
    assert names() == ["one", "two"]


def test_what_this_connection_changes_is_seen(names: Callable[[], list[str]]) -> None:
    assert names() == ["one"]
    Team.objects.update(name="uno")
    assert names() == ["uno"]


def test_what_is_rolled_back_was_never_found(names: Callable[[], list[str]]) -> None:
    assert names() == ["one"]
    with transaction.atomic():
        Team.objects.create(name="two")
        assert names() == ["one", "two"]
        transaction.set_rollback(True)
    assert names() == ["one"]


def test_a_transaction_takes_what_was_found_before_it(names: Callable[[], list[str]]) -> None:
    assert names() == ["one"]
    with CaptureQueriesContext(connection) as asked, transaction.atomic():
        assert names() == ["one"]
    assert [one["sql"] for one in asked if "teams_team" in one["sql"]] == []


def test_a_transaction_sees_what_was_committed_before_it(names: Callable[[], list[str]]) -> None:
    assert names() == ["one"]
    elsewhere(lambda: Team.objects.create(name="two"))
    with transaction.atomic():
        assert names() == ["one", "two"]
    assert names() == ["one", "two"]


def test_what_a_savepoint_takes_back_was_never_found(names: Callable[[], list[str]]) -> None:
    assert names() == ["one"]
    with transaction.atomic():
        with transaction.atomic():
            Team.objects.create(name="two")
            assert names() == ["one", "two"]
            transaction.set_rollback(True)
        assert names() == ["one"]
    assert names() == ["one"]


def test_what_is_raised_is_not_kept(names: Callable[[], list[str]]) -> None:
    def fail() -> list[str]:
        raise LookupError

    with pytest.raises(LookupError):
        while_unchanged("names", fail)
    assert names() == ["one"]


def test_a_statement_left_open_holds_nobody_in_the_past(names: Callable[[], list[str]]) -> None:
    """A cursor that was not read to its end keeps SQLite's snapshot; the next request begins without it."""
    Team.objects.create(name="two")
    left = connection.cursor()
    left.execute("SELECT name FROM teams_team, (SELECT 1 UNION SELECT 2)")
    left.fetchone()
    assert names() == ["one", "two"]
    connection.close_if_unusable_or_obsolete()
    elsewhere(lambda: Team.objects.create(name="three"))
    assert names() == ["one", "three", "two"]


def test_a_statement_of_a_connection_that_ended_ended_with_it(names: Callable[[], list[str]]) -> None:
    left = connection.cursor()
    left.execute("SELECT name FROM teams_team")
    connection.close()
    assert names() == ["one"]
    connection.close_if_unusable_or_obsolete()
    assert names() == ["one"]


def test_a_file_that_was_replaced_is_opened_anew(names: Callable[[], list[str]]) -> None:
    before = connection.connection
    connection.close_if_unusable_or_obsolete()
    assert connection.connection is before
    place = Path(settings.DATABASES["default"]["NAME"])
    moved = place.with_suffix(".moved")
    place.rename(moved)
    try:
        connection.close_if_unusable_or_obsolete()
        assert connection.connection is None
    finally:
        moved.rename(place)
    assert names() == ["one"]
