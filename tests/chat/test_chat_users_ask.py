"""A chat user asks, in a browser of their own, and has the conversations of nobody else."""

import re
from typing import Any

import pytest
from django.test import Client

from muniment.agents.services import change_deletion
from muniment.agents.types import AtOnce
from muniment.chat.models import Conversation
from muniment.chat.outside_views import QUESTIONS
from muniment.core.actors import SYSTEM
from muniment.core.rates import Buckets
from muniment.credits.services import set_limits
from muniment.jobs.services import run_due
from muniment.sso.models import ChatUser
from muniment.sso.services import delete_connection
from tests.cast import Person
from tests.chat.conftest import only
from tests.sso.team_with_chat import PARKING, Asking, Chat
from tests.sso.team_with_chat import chat as chat  # noqa: PLC0414 - fixtures
from tests.sso.team_with_chat import consent as consent  # noqa: PLC0414
from tests.sso.team_with_provider import acme as acme  # noqa: PLC0414
from tests.sso.team_with_provider import keys_are_made_once as keys_are_made_once  # noqa: PLC0414


def source_of(page: Any) -> str:
    (passage,) = [one for turn in page.context["turns"] for one in turn["passages"]][:1]
    return str(passage["url"])


def test_an_answer_shows_its_place_in_the_document(chat: Chat) -> None:
    client = chat.come()
    page = client.get(chat.ask(client))
    assert page.status_code == 200
    assert "Parking costs two euros a day" in page.content.decode()
    place = source_of(page)
    assert place.startswith(f"{chat.address}/documents/")
    viewer = client.get(place)
    assert viewer.status_code == 200
    assert "<mark" in viewer.content.decode()
    assert f'href="{chat.address}/conversations/' in viewer.content.decode()


def test_it_is_streamed(chat: Chat) -> None:
    events = chat.stream(chat.come())
    assert "two euros" in only(events, "done")[0]["html"]
    for passages in only(events, "passages"):
        assert all(one["url"].startswith(f"{chat.address}/documents/") for one in passages)


def test_no_page_leads_to_one_of_the_members(chat: Chat) -> None:
    client = chat.come()
    talk = chat.ask(client)
    for address in (chat.address, talk, f"{chat.address}/conversations", source_of(client.get(talk))):
        page = client.get(address).content.decode()
        leads = re.findall(r' (?:href|action|formaction)="([^"]*)"', page)
        assert len(leads) > 5
        outside = [one for one in leads if not one.startswith((chat.address, "/static/", "#", "?"))]
        assert outside == [], address


def test_conversations_are_their_own(chat: Chat) -> None:
    eve, finn = chat.come("eve"), chat.come("finn")
    talk = chat.ask(eve).partition("#")[0]
    assert eve.get(talk).status_code == 200
    assert finn.get(talk).status_code == 404
    assert finn.post(f"{talk}/delete").status_code == 404
    assert finn.post(f"{talk}/rename", {"title": "Mine"}).status_code == 404
    assert PARKING[:20] not in finn.get(f"{chat.address}/conversations").content.decode()
    assert PARKING[:20] in eve.get(f"{chat.address}/conversations").content.decode()
    again = chat.come("eve")
    assert again.get(talk).status_code == 200


def test_they_are_gone_on_with_renamed_and_deleted(chat: Chat) -> None:
    client = chat.come()
    talk = chat.ask(client).partition("#")[0]
    identifier = talk.rpartition("/")[2]
    assert chat.ask(client, "And who is asked?", conversation=identifier).partition("#")[0] == talk
    client.post(f"{talk}/rename", {"title": "About cars"})
    client.post(f"{talk}/rename", {"title": ""})
    listed = client.get(f"{chat.address}/conversations").content.decode()
    assert "About cars" in listed
    assert client.post(f"{talk}/delete")["Location"] == f"{chat.address}/conversations"
    assert client.get(talk).status_code == 404
    assert not Conversation.objects.exists()


def test_an_answer_is_rated(chat: Chat) -> None:
    client = chat.come()
    message = client.get(chat.ask(client)).context["turns"][0]["id"]
    rated = client.post(f"{chat.address}/feedback", {"message": message, "verdict": "up"})
    assert rated["Location"].startswith(chat.address)
    assert client.get(rated["Location"]).context["turns"][0]["verdict"] == "up"
    other = chat.come("finn").post(f"{chat.address}/feedback", {"message": message, "verdict": "down"})
    assert other.status_code == 404


def test_what_is_kept_nowhere_is_carried_by_the_page(chat: Chat, alice: Person) -> None:
    change_deletion(actor=alice.actor, agent=chat.agent, deletes=AtOnce(conversations=True))
    client = chat.come()
    page = client.post(f"{chat.address}/ask", {"question": PARKING, "carries": ""})
    assert "two euros" in page.content.decode()
    assert not Conversation.objects.exists()


def test_who_did_not_agree_is_led_to_the_notice(chat: Chat, consent: Asking) -> None:
    client = chat.come()
    consent.agreed = set()
    owed = client.get(chat.address)
    assert owed["Location"] == f"/chat/{chat.agent.pk}/notice?next={chat.address}"
    asked = client.post(f"{chat.address}/ask", {"question": PARKING})
    assert asked["Location"] == owed["Location"]
    assert not Conversation.objects.exists()
    consent.agreed = {ChatUser.objects.get().ref}
    assert chat.ask(client)


def test_answers_count_on_the_limit_of_the_team(chat: Chat, alice: Person) -> None:
    client = chat.come()
    chat.ask(client)
    set_limits(actor=SYSTEM, team=alice.team.pk, words=None, queries=1)
    spent = client.post(f"{chat.address}/ask", {"question": PARKING})
    assert spent.status_code == 429
    assert Conversation.objects.count() == 1


def test_one_person_asks_so_often_in_a_minute(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("muniment.chat.outside_views._questions", Buckets(clock=lambda: 0.0))
    eve, finn = chat.come("eve"), chat.come("finn")
    statuses = [eve.post(f"{chat.address}/ask", {"question": ""}).status_code for _ in range(QUESTIONS + 1)]
    assert statuses == [422] * QUESTIONS + [429]
    assert finn.post(f"{chat.address}/ask", {"question": ""}).status_code == 422


def test_a_script_is_told_of_the_end_of_its_session(chat: Chat) -> None:
    client = chat.come()
    message = client.get(chat.ask(client)).context["turns"][0]["id"]
    rating = {"message": message, "verdict": "up"}
    kept = client.post(f"{chat.address}/feedback", rating, headers={"Accept": "application/json"})
    assert kept.json() == {}
    client.post(f"{chat.address}/sign-out")
    told = client.post(f"{chat.address}/feedback", rating, headers={"Accept": "application/json"})
    assert (told.status_code, "sentence" in told.json()) == (403, True)


def test_with_the_connection_what_was_asked_is_erased(chat: Chat, alice: Person) -> None:
    client, other = chat.come(), Client()
    chat.ask(client)
    members = alice.client.post(f"{chat.agent.url}/ask", {"question": PARKING})
    assert members.status_code == 302
    delete_connection(actor=alice.actor, connection=chat.saml.connection.pk)
    assert not ChatUser.objects.exists()
    run_due()
    assert [one.person for one in Conversation.objects.all()] == [alice.user.ref]
    assert other.get(chat.address).status_code == 404
