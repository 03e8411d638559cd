"""Attacker: Mallory, who owns another team on a server that Alice's team claimed. Move: opens the page that says what
the operator set, and has the operator's mail server send her a message. Guarantee: G-130. For her there is nothing; her
own models are hers as ever."""

import pytest

from muniment.core.clock import now
from muniment.teams.models import Claim
from tests.cast import Person

pytestmark = pytest.mark.django_db
TAB = "Mail and limits"


@pytest.fixture(autouse=True)
def claimed(alice: Person) -> None:
    Claim.objects.create(team=alice.team, user=alice.user, kit_confirmed_at=now())


def test_who_runs_the_server_sees_what_the_operator_set(alice: Person) -> None:
    assert TAB in alice.client.get("/server").content.decode()
    assert alice.client.post("/server/mail/test").status_code == 302


def test_for_other_teams_there_is_nothing(alice: Person, mallory: Person) -> None:
    assert mallory.client.get("/server").status_code == 404
    assert mallory.client.post("/server/mail/test").status_code == 404
    models = mallory.client.get("/server/models")
    assert models.status_code == 200
    assert TAB not in models.content.decode()
