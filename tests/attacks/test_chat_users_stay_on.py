"""Attacker: a chat user whom the provider, the team or the member's suspension no longer lets in; a stranger who floods
the doors; a chat page in a member's browser. Move: stays with the browser that came before, fills the lines, lets the
page prolong or read what is the member's. Guarantee: G-157, G-158, G-161."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connections
from django.test import Client

from muniment.accounts.models import Session
from muniment.accounts.types import IDLE
from muniment.agents import middleware, outsiders
from muniment.agents.services import change_masking, close_to_chat_users, open_silo
from muniment.agents.types import MaskingMode, MaskingRules
from muniment.chat.models import Conversation
from muniment.chat.services import answers_outside, ask
from muniment.core.clock import frozen, now
from muniment.core.permissions import Permission
from muniment.core.rates import Buckets
from muniment.jobs.services import run_due
from muniment.pii.types import PROMISED, PiiClass, Selection
from muniment.silo.errors import SiloCorruptedError
from muniment.silo.services import open_silo as silo_opened
from muniment.sso import arriving
from muniment.sso.models import Connection
from muniment.sso.saml_speaking import acs_url
from muniment.sso.services import delete_connection, unlink_person
from muniment.sso.types import ASKED_FOR
from muniment.teams.services import remove_member, resume_member, suspend_member
from tests.cast import Person, signed_in
from tests.sso.provider import Provider
from tests.sso.team_with_chat import PARKING, Chat, opened
from tests.sso.team_with_provider import asked_in, connect_saml, in_session


@pytest.fixture(autouse=True)
def quick(keys_are_made_once: None) -> None:
    """For every test here."""


def test_who_left_the_group_is_out_with_the_browser_that_came_before(chat: Chat) -> None:
    eve, finn = chat.come("eve"), chat.come("finn")
    assert chat.arrive(Client(), "eve", groups=("others",)).status_code == 403
    assert not chat.is_in(eve)
    assert chat.is_in(finn)
    assert chat.is_in(chat.come("eve"))


@pytest.mark.parametrize("mail", ["eve@elsewhere.example", "no address"])
def test_who_is_the_teams_no_more_is_out(chat: Chat, mail: str) -> None:
    eve = chat.come("eve")
    said = {"mail": (mail,), "groups": ("staff",)}
    assert chat.arrive(Client(), "eve", attributes=said).status_code == 403
    assert not chat.is_in(eve)
    assert chat.is_in(chat.come("eve"))


def test_a_suspended_member_asks_no_more(chat: Chat, alice: Person, bob: Person) -> None:
    chat.saml.sign_in(Client(), bob.user.email)
    browser = chat.come("bob")
    suspend_member(actor=alice.actor, team=alice.team, user=bob.user)
    assert not chat.is_in(browser)
    assert chat.arrive(Client(), "bob").status_code == 403
    resume_member(actor=alice.actor, team=alice.team, user=bob.user)
    assert chat.is_in(chat.come("bob"))


def test_a_member_who_never_came_by_the_provider_is_known_by_the_address(
    chat: Chat, alice: Person, bob: Person
) -> None:
    suspend_member(actor=alice.actor, team=alice.team, user=bob.user)
    assert chat.arrive(Client(), "bob").status_code == 403
    resume_member(actor=alice.actor, team=alice.team, user=bob.user)
    assert chat.is_in(chat.come("bob"))


@pytest.mark.parametrize("how", ["removed", "unlinked"])
def test_a_member_who_goes_is_signed_out_of_the_chat(chat: Chat, alice: Person, bob: Person, how: str) -> None:
    chat.saml.sign_in(Client(), bob.user.email)
    browser, finn = chat.come("bob"), chat.come("finn")
    if how == "removed":
        remove_member(actor=alice.actor, team=alice.team, user=bob.user)
    else:
        (linked,) = chat.saml.connection.identities.all()
        unlink_person(actor=alice.actor, connection=chat.saml.connection.pk, identity=linked.pk)
    assert not chat.is_in(browser)
    assert chat.is_in(finn)


def test_what_is_opened_again_lets_nobody_in_who_was_in(chat: Chat, alice: Person) -> None:
    eve = chat.come("eve")
    close_to_chat_users(actor=alice.actor, agent=chat.agent, opening=chat.opening)
    again = opened(alice, chat.agent, chat.saml)
    assert not again.is_in(eve)
    assert again.is_in(again.come("eve"))


def test_an_agent_that_looks_for_no_names_is_closed(chat: Chat, alice: Person) -> None:
    """Masking is on, and masks next to nothing."""
    eve = chat.come("eve")
    silo = open_silo(actor=alice.actor, agent=chat.agent, permission=Permission.AGENT_UPDATE)

    def look_for(classes: frozenset[PiiClass]) -> None:
        with silo.writing() as writer:
            rules = MaskingRules(MaskingMode.STAND_INS, Selection(classes))
            change_masking(actor=alice.actor, agent=chat.agent, silo=silo, writer=writer, rules=rules)

    look_for(PROMISED - {PiiClass.PERSON})
    assert eve.get(chat.address).status_code == 404
    look_for(PROMISED)
    assert chat.is_in(eve)


def test_a_flood_of_answers_keeps_nobody_from_signing_in(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arriving, "MOST_WAITING", 3)
    path = urlsplit(acs_url(chat.saml.connection.pk)).path
    flood = [Client().post(path, {"SAMLResponse": "eA==", "RelayState": "x"})["Location"] for _ in range(5)]
    assert chat.is_in(chat.come("eve"))
    assert [Client().get(one).status_code for one in flood] == [400] * 5


def test_a_program_that_reads_without_end_is_told_to_wait(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(middleware, "PERSON", 3)
    monkeypatch.setattr(middleware, "_requests", Buckets(clock=lambda: 0.0))
    eve, finn = chat.come("eve"), chat.come("finn")
    address = f"{chat.address}/conversations"
    assert [eve.get(address).status_code for _ in range(4)] == [200, 200, 200, 429]
    assert finn.get(address).status_code == 200


def test_a_stranger_who_asks_without_end_opens_nothing_more(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    """With no cookie, and with one that is none; for agents that are there, and for others alike."""
    eve = chat.come("eve")
    opened: list[str] = []

    def opening(silo: str) -> Any:
        opened.append(silo)
        return silo_opened(silo)

    monkeypatch.setattr(outsiders, "open_silo", opening)
    monkeypatch.setattr(middleware, "STRANGERS", 3)
    monkeypatch.setattr(middleware, "_requests", Buckets(clock=lambda: 0.0))
    stranger = Client()
    stranger.cookies[chat.cookie] = "a" * 43
    assert [one.get(chat.address).status_code for one in (stranger, Client(), stranger)] == [200, 200, 200]
    assert len(opened) == 3
    for one in (stranger, Client()):
        for address in (chat.address, f"{chat.address}/conversations", "/chat/" + "a" * 26):
            assert one.get(address).status_code == 429
        assert one.post(f"{chat.address}/sign-in", {"connection": chat.saml.connection.pk}).status_code == 429
    assert len(opened) == 3
    assert chat.is_in(eve)
    assert Client(REMOTE_ADDR="192.0.2.7").get(chat.address).status_code == 200


def test_who_left_the_group_opens_no_silo_without_end(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    """The session still stands, and lets nobody in."""
    eve, finn = chat.come("eve"), chat.come("finn")
    assert chat.arrive(Client(), "eve", groups=("others",)).status_code == 403
    monkeypatch.setattr(middleware, "PERSON", 3)
    monkeypatch.setattr(middleware, "_requests", Buckets(clock=lambda: 0.0))
    assert [eve.get(chat.address).status_code for _ in range(4)] == [200, 200, 200, 429]
    assert chat.is_in(finn)


def test_a_class_of_pupils_takes_no_place_of_the_staff(chat: Chat, alice: Person) -> None:
    eve, staff = chat.come("eve"), signed_in(alice.user)
    let_go = Event()
    held = [answers_outside.submit(f"pupil {number}", let_go.wait) for number in range(answers_outside.places)]

    def asked() -> str:
        try:
            return chat.ask(eve)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        hers = pool.submit(asked)
        try:
            assert staff.post(f"{chat.agent.url}/ask", {"question": PARKING}).status_code == 302
            assert not hers.done()
        finally:
            let_go.set()
        assert hers.result().startswith(chat.address)
    assert all(one.result() for one in held)


def test_a_chat_prolongs_no_session_of_a_member(chat: Chat, alice: Person) -> None:
    owner = signed_in(alice.user)
    with frozen(now() + IDLE / 2):
        owner.get(chat.address)
    with frozen(now() + IDLE + timedelta(minutes=1)):
        assert owner.get("/agents").status_code == 302
    used = signed_in(alice.user)
    with frozen(now() + IDLE / 2):
        assert used.get("/agents").status_code == 200
    with frozen(now() + IDLE + timedelta(minutes=1)):
        assert used.get("/agents").status_code == 200


def test_what_is_said_to_a_member_is_said_on_no_page_of_a_chat(chat: Chat, alice: Person) -> None:
    owner = signed_in(alice.user)
    owner.post("/agents/new", {"name": "Secret plans"})  # leaves a word for the next page
    for address in ("/chat/" + "a" * 26, chat.address):
        page = owner.get(address).content.decode()
        assert "Secret plans" not in page
        assert 'href="/"' not in page


def test_who_only_begins_leaves_a_row_for_a_quarter_of_an_hour(chat: Chat) -> None:
    client = Client()
    chat.begin(client)
    row = Session.objects.get(session_key=client.session.session_key)
    assert row.expire_date <= now() + ASKED_FOR
    chat.saml.sign_in(client, "alice@example.org")
    assert in_session(client) is not None
    assert Session.objects.get(session_key=client.session.session_key).expire_date > now() + IDLE / 2


def test_a_connection_that_is_off_lets_nobody_stay_whatever_the_database_says(chat: Chat, alice: Person) -> None:
    """Switched off past the service that ends sessions, as by a restore; the agent is open by another one."""
    other = connect_saml(alice, name="Second", provider=Provider("other"))
    opened(alice, chat.agent, other)
    eve, finn = chat.come("eve"), Client()
    said = {"attributes": {"mail": ("finn@example.org",), "groups": ("staff",)}}
    begun = finn.post(f"{chat.address}/sign-in", {"connection": other.connection.pk}).content.decode()
    other.arrive(finn, other.answer(asked_in(begun), "finn@example.org", **said))
    assert [chat.is_in(one) for one in (eve, finn)] == [True, True]
    Connection.objects.filter(pk=chat.saml.connection.pk).update(is_on=False)
    assert [chat.is_in(one) for one in (eve, finn)] == [False, True]


def test_an_agent_that_cannot_be_opened_is_not_there(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Client().get(chat.address).status_code == 200

    def damaged(_silo: str) -> Any:
        raise SiloCorruptedError("damaged")

    monkeypatch.setattr(outsiders, "open_silo", damaged)
    assert Client().get(chat.address).status_code == 404


def test_what_was_under_way_when_the_connection_went_is_erased_as_well(chat: Chat, alice: Person) -> None:
    eve = chat.come("eve")
    chat.ask(eve)
    here = outsiders.who_comes(chat.agent.pk, eve.cookies[chat.cookie].value)
    actor = outsiders.chat_user(chat.agent, here)
    assert actor is not None
    delete_connection(actor=alice.actor, connection=chat.saml.connection.pk)
    run_due()
    theirs = Conversation.objects.filter(person=actor.ref)
    assert not theirs.exists()
    list(ask(actor=actor, agent=chat.agent, question=PARKING))  # let in before, stored after
    assert theirs.exists()
    with frozen(now() + timedelta(minutes=61)):
        run_due()
    assert not theirs.exists()
