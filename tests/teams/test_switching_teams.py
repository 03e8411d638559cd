from django.test import Client

from muniment.teams.services import add_member, remove_member
from muniment.teams.types import Role
from tests.cast import Person


def in_team(client: Client) -> str:
    return str(client.get("/profile", follow=True).context["request"].actor.team)


def test_a_session_moves_between_the_persons_own_teams_alone(alice: Person, mallory: Person) -> None:
    add_member(actor=alice.actor, team=alice.team, user=mallory.user, role=Role.CHAT_ONLY)
    client = mallory.client
    for team in (alice.team, mallory.team):
        assert client.post("/team/switch", {"team": team.pk}).status_code == 302
        assert in_team(client) == team.pk
    assert alice.client.post("/team/switch", {"team": mallory.team.pk}).status_code == 404
    assert in_team(alice.client) == alice.team.pk
    for nonsense in ("", "x", "0" * 26):
        assert client.post("/team/switch", {"team": nonsense}).status_code == 404
    assert client.get("/team/switch").status_code == 405


def test_a_removed_member_is_out_with_the_next_request(alice: Person, mallory: Person) -> None:
    add_member(actor=alice.actor, team=alice.team, user=mallory.user, role=Role.CHAT_ONLY)
    mallory.client.post("/team/switch", {"team": alice.team.pk})
    assert in_team(mallory.client) == alice.team.pk
    remove_member(actor=alice.actor, team=alice.team, user=mallory.user)
    assert in_team(mallory.client) == mallory.team.pk


def test_the_menu_of_every_page_leads_to_the_other_teams(alice: Person, mallory: Person) -> None:
    assert "Go to" not in mallory.client.get("/agents").content.decode()
    add_member(actor=alice.actor, team=alice.team, user=mallory.user, role=Role.CHAT_ONLY)
    assert "Go to Reading Room" in mallory.client.get("/agents").content.decode()
