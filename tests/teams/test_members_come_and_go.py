import pytest

from muniment.accounts.models import User
from muniment.core.actors import SYSTEM
from muniment.core.errors import NotFoundError, PermanentError, PermissionDeniedError
from muniment.teams.errors import AlreadyMemberError, LastOwnerError, NotAMemberError
from muniment.teams.selectors import members_of
from muniment.teams.services import add_member, create_team, remove_member
from muniment.teams.types import Role
from tests.cast import Person, person


@pytest.fixture
def dora(db: None) -> User:
    return person("dora")


def test_an_owner_adds_and_removes(alice: Person, dora: User) -> None:
    add_member(actor=alice.actor, team=alice.team, user=dora, role=Role.MEMBER)
    assert [one.user for one in members_of(alice.actor)] == [alice.user, dora]
    with pytest.raises(AlreadyMemberError):
        add_member(actor=alice.actor, team=alice.team, user=dora, role=Role.OWNER)
    remove_member(actor=alice.actor, team=alice.team, user=dora)
    assert [one.user for one in members_of(alice.actor)] == [alice.user]
    with pytest.raises(NotAMemberError):
        remove_member(actor=alice.actor, team=alice.team, user=dora)


def test_nobody_else_does(alice: Person, bob: Person, carol: Person, mallory: Person, dora: User) -> None:
    for who, refusal in ((bob, PermissionDeniedError), (carol, PermissionDeniedError), (mallory, NotFoundError)):
        with pytest.raises(refusal):
            add_member(actor=who.actor, team=alice.team, user=dora, role=Role.OWNER)
        with pytest.raises(refusal):
            remove_member(actor=who.actor, team=alice.team, user=alice.user)
    assert len(members_of(alice.actor)) == 3


def test_the_last_owner_stays(alice: Person, dora: User) -> None:
    with pytest.raises(LastOwnerError):
        remove_member(actor=alice.actor, team=alice.team, user=alice.user)
    add_member(actor=alice.actor, team=alice.team, user=dora, role=Role.OWNER)
    remove_member(actor=alice.actor, team=alice.team, user=alice.user)


def test_people_make_no_teams(alice: Person) -> None:
    with pytest.raises(PermissionDeniedError):
        create_team(actor=alice.actor, name="Another", owner=alice.user)


@pytest.mark.parametrize("name", ["", "  ", "x" * 201])
def test_a_team_has_a_name(alice: Person, name: str) -> None:

    with pytest.raises(PermanentError, match="1 to 200"):
        create_team(actor=SYSTEM, name=name, owner=alice.user)
