"""Limits are set on the server, by a command; nobody in a team sets them, whatever the role."""

import pytest

from muniment.agents.models import Agent
from muniment.core.errors import NotFoundError
from muniment.credits.errors import LimitError
from muniment.credits.selectors import team_use
from muniment.credits.services import set_limits
from muniment.teams.selectors import operator_actor
from tests.cast import Person
from tests.cli.conftest import fresh  # noqa: F401 - a fixture
from tests.cli.terminal import Terminal


def test_no_owner_sets_them(alice: Person, agent: Agent) -> None:
    with pytest.raises(NotFoundError):
        set_limits(actor=alice.actor, team=alice.team.pk, words=1, queries=1)
    assert team_use(alice.actor).words.limit is None
    set_limits(actor=operator_actor(None), team=alice.team.pk, words=1, queries=1)
    assert team_use(alice.actor).words.limit == 1


def test_nonsense_is_refused(alice: Person) -> None:
    with pytest.raises(LimitError):
        set_limits(actor=operator_actor(None), team=alice.team.pk, words=-1, queries=None)


def test_by_command(fresh: Terminal) -> None:  # noqa: F811 - the fixture
    assert "words stored: 0, no limit" in fresh.run("team", "limits")
    assert "words stored: 0 of 30,000 (0 %)" in fresh.run("team", "limits", "--words", "30,000")
    found = fresh.json("team", "limits", "--queries", "500")
    assert found["words"] == {"used": 0, "limit": 30_000}
    assert found["queries"] == {"used": 0, "limit": 500}
    assert fresh.json("team", "limits", "--words", "none")["words"]["limit"] is None
    assert fresh.json("team", "limits", "--default")["queries"]["limit"] is None
    code, _, complained = fresh.attempt("team", "limits", "--default", "--words", "3")
    assert (code, complained) == (1, "Either --default, or limits of its own. Nothing was changed.\n")
    assert fresh.attempt("team", "limits", "--words", "many")[0] == 2
