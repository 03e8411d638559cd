"""Attacker: a page elsewhere that Alice opens while she is signed in. Move: it sends every form the product has, to
every address, with her cookies (cross-site request forgery). Guarantee: G-52. Without the token of a page
of ours nothing is done, by the owner's browser either; the API, which asks for no token, takes no cookie."""

import pytest
from django.apps import apps
from django.core import serializers
from django.test import Client

from muniment.teams.types import Role
from tests.attacks.test_addresses_answer_by_role import (
    ENDS_SESSIONS,
    Row,
    Stage,
    answer,
    everything,
    expected,
    rows,
    stage,  # noqa: F401 - a fixture
)
from tests.attacks.test_api_answers_by_role import TEAMS
from tests.attacks.test_api_answers_by_role import answer as answer_of_api
from tests.attacks.test_api_answers_by_role import rows as rows_of_api
from tests.cast import signed_in

pytestmark = pytest.mark.django_db(transaction=True)
VISITS = {"accounts.Session", "accounts.CacheEntry"}  # what every visit writes


def written() -> dict[str, str]:
    """All that the control plane holds but visits."""
    return {
        model._meta.label: serializers.serialize("json", model._default_manager.order_by("pk"))
        for model in apps.get_models()
        if model._meta.label not in VISITS
    }


def forms() -> list[Row]:
    """But those that an identity provider signs: tests/attacks/test_assertions_are_forged.py."""
    return [row for row in rows() if row.method == "POST" and row.asks not in {"closed", "open, from elsewhere"}]


def browser(stage: Stage) -> Client:  # noqa: F811
    """The owner's, as it is: it asks for the token."""
    return signed_in(stage.team.user, enforce_csrf_checks=True)


def token(client: Client) -> str:
    """Of a page of ours that the browser opened."""
    client.get("/agents")
    return str(client.get("/agents").context["csrf_token"])


@pytest.mark.parametrize("how", ["none", "invented", "somebody else's", "from elsewhere"])
def test_nothing_is_done_without_the_token_of_a_page_of_ours(stage: Stage, how: str) -> None:  # noqa: F811
    client, things = browser(stage), everything(stage)
    given = {"none": {}, "invented": {"csrfmiddlewaretoken": "a" * 64}}.get(how)
    if given is None:
        given = {"csrfmiddlewaretoken": token(client if how == "from elsewhere" else browser(stage))}
    elsewhere = {"HTTP_ORIGIN": "https://evil.example"} if how == "from elsewhere" else {}
    client.defaults |= elsewhere
    before = written()
    done = [str(row) for row in forms() if answer(client, row, things, stage.data(row, things) | given) != "refused"]
    assert done == []
    assert written() == before
    assert len(forms()) > 50


def test_with_it_each_does_what_it_is_for(stage: Stage) -> None:  # noqa: F811
    for row in sorted(forms(), key=lambda row: row.address in ENDS_SESSIONS):
        who, relation, things = next(one for one in stage.asked(row) if one[0] == Role.OWNER and one[1] in {"", TEAMS})
        client = browser(stage)
        data = stage.data(row, things) | {"csrfmiddlewaretoken": token(client)}
        assert answer(client, row, things, data) == expected(row, who, relation), row
        stage.team.user.refresh_from_db()


def test_the_api_takes_no_cookie(stage: Stage) -> None:  # noqa: F811
    """By a session alone, with a valid token too, every write of the API is refused, and nothing is written."""
    client, agent = browser(stage), stage.agents["", TEAMS]["agent"]
    client.defaults |= {"HTTP_X_CSRFTOKEN": token(client)}
    before: dict[str, str] = {}
    for _ in range(2):  # the first time gives things their numbers
        before = written()
        for row in rows_of_api():
            makes_one = "<document>" in row.address or "<page_id>" in row.address  # a document of its own, to ask with
            if row.method != "GET" and not makes_one:
                assert answer_of_api(row, agent, None, client) == 401, row
    assert written() == before
