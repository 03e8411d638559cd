"""The first owner: one link, used once, within 30 minutes. Guarantee: G-43."""

from datetime import timedelta

import pytest
from django.test import Client

from muniment.accounts.models import User
from muniment.agents.selectors import agents
from muniment.agents.services import create_agent
from muniment.audit.models import Outbox
from muniment.core.clock import frozen, now
from muniment.core.errors import NotFoundError
from muniment.teams.errors import AlreadyClaimedError, SetupLinkError
from muniment.teams.models import SetupLink, Team
from muniment.teams.selectors import actor_for, is_claimed, operator_actor
from muniment.teams.services import claim, first_team, issue_setup_link
from tests.cast import PASSWORD, Person

pytestmark = pytest.mark.django_db


def token() -> str:
    return issue_setup_link(actor=operator_actor(None)).partition("#")[2]


def claimed(link: str, email: str = "first@example.org") -> User:
    return claim(token=link, email=email, password=PASSWORD, team_name="Reading Room")


def test_the_newest_link_works_once() -> None:
    older, newer = token(), token()
    for wrong in (older, "", "x" * 43, newer[:-1]):
        with pytest.raises(SetupLinkError):
            claimed(wrong)
    assert not is_claimed()
    owner = claimed(newer)
    assert is_claimed()
    assert Team.objects.get().name == "Reading Room"
    with pytest.raises(AlreadyClaimedError):
        claimed(newer, "second@example.org")
    with pytest.raises(AlreadyClaimedError):
        token()
    assert list(User.objects.all()) == [owner]


def test_for_thirty_minutes() -> None:
    link, start = token(), now()
    with frozen(start + timedelta(minutes=30, seconds=1)), pytest.raises(SetupLinkError):
        claimed(link)
    with frozen(start + timedelta(minutes=29)):
        assert claimed(link)


def test_only_a_digest_of_the_link_is_kept() -> None:
    link = token()
    kept = SetupLink.objects.get()
    assert len(bytes(kept.token_hash)) == 32
    assert link.encode() not in bytes(kept.token_hash)
    assert all(link.encode() not in bytes(row.body) for row in Outbox.objects.all())


def test_only_the_operator_makes_links(alice: Person) -> None:
    with pytest.raises(NotFoundError):
        issue_setup_link(actor=alice.actor)


def test_a_refused_claim_is_an_event_and_makes_nothing() -> None:
    token()
    with pytest.raises(SetupLinkError):
        claimed("wrong")
    assert any(b"installation:claim:refuse" in bytes(row.body) for row in Outbox.objects.all())
    assert not User.objects.exists()


def test_the_owner_takes_over_what_the_operator_made() -> None:
    team = first_team(actor=operator_actor(None))
    made = create_agent(actor=operator_actor(team.pk), name="Archive")
    owner = claimed(token())
    assert list(agents(actor_for(owner, team.pk))) == [made]


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("token", "wrong", "This setup link does not work any more"),
        ("email", "nobody", "email"),
        ("password_again", "another sentence entirely", "differ"),
    ],
)
def test_a_mistake_is_told_beside_its_field_and_the_link_still_works(field: str, value: str, sentence: str) -> None:
    form = {"token": token(), "team": "Reading Room", "email": "first@example.org"}
    form |= {"password": PASSWORD, "password_again": PASSWORD}
    response = Client().post("/setup", form | {field: value})
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not is_claimed()
    assert Client().post("/setup", form)["Location"] == "/setup/recovery-kit"


def test_a_weak_password_is_refused_and_the_link_still_works() -> None:
    form = {"token": token(), "team": "Reading Room", "email": "first@example.org"}
    weak = form | {"password": "password1234", "password_again": "password1234"}
    assert "too common" in Client().post("/setup", weak).content.decode()
    good = form | {"password": PASSWORD, "password_again": PASSWORD}
    assert Client().post("/setup", good).status_code == 302


def test_guessing_is_limited() -> None:
    token()
    form = {"token": "wrong", "team": "T", "email": "a@example.org", "password": PASSWORD, "password_again": PASSWORD}
    statuses = [Client().post("/setup", form).status_code for _ in range(21)]
    assert (statuses[0], statuses[-1]) == (422, 429)
