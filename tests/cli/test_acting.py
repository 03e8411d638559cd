"""On whose behalf a command acts, where there are several teams."""

import pytest

from muniment.agents.services import create_agent
from muniment.cli.acting import AmbiguousError, find_agent, operator
from muniment.core.actors import ActorKind
from muniment.core.errors import NotFoundError
from tests.cast import Person


def test_of_several_teams_one_must_be_named(alice: Person, mallory: Person) -> None:
    with pytest.raises(AmbiguousError, match="--team"):
        operator(None)
    for named in (alice.team.pk, alice.team.name):
        actor = operator(named)
        assert (actor.kind, actor.team) == (ActorKind.OPERATOR, alice.team.pk)
    with pytest.raises(NotFoundError):
        operator("Upstairs")


def test_an_agent_is_found_by_name_or_id_in_the_team_named_alone(alice: Person, mallory: Person) -> None:
    archive = create_agent(actor=alice.actor, name="Archive")
    ours, theirs = operator(alice.team.pk), operator(mallory.team.pk)
    assert find_agent(ours, "Archive") == find_agent(ours, archive.id) == archive
    for named in ("Archive", archive.id):
        with pytest.raises(NotFoundError, match="muniment agent list"):
            find_agent(theirs, named)


def test_the_id_of_an_agent_is_never_taken_for_the_name_of_another(alice: Person, bob: Person) -> None:
    """Attacker: Bob names an agent with the id of Alice's, to get the files the operator means for hers."""
    archive = create_agent(actor=alice.actor, name="Archive")
    trap = create_agent(actor=bob.actor, name=archive.id)
    assert find_agent(operator(alice.team.pk), archive.id) == archive
    assert find_agent(operator(alice.team.pk), trap.id) == trap
