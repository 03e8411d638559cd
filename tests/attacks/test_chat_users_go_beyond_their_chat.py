"""Attacker: a chat user; somebody with an account; who runs a provider, or saw a sign-in go by; who writes to the
database. Move: bring a chat's cookie to other addresses, a member's to a chat, one agent's to another; go on after
what let one in was taken back; use what a provider said twice, or for another asking; look for a name.
Guarantee: G-156 to G-160.
"""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver

from muniment.agents.models import Agent, ChatOpening
from muniment.agents.outsiders import chat_user, who_comes
from muniment.agents.selectors import agents, may
from muniment.agents.services import (
    OpeningDraft,
    change_masking,
    change_opening,
    change_sharing,
    close_to_chat_users,
    create_agent,
    delete_agent,
    open_silo,
)
from muniment.agents.types import OUTSIDERS_MAY, MaskingMode, MaskingRules, OpeningState
from muniment.chat.outside import as_of_now
from muniment.core.actors import Actor, ActorKind
from muniment.core.errors import NotFoundError
from muniment.core.permissions import Permission
from muniment.core.registries import consent_at_onset
from muniment.jobs.selectors import queue_state
from muniment.sso.models import ChatSession, ChatUser
from muniment.sso.services import chat_token, delete_connection, switch_connection
from muniment.teams.models import Domain
from muniment.teams.selectors import teams_of
from tests.attacks.test_addresses_answer_by_role import every_address
from tests.cast import Person, signed_in
from tests.chat.conftest import add
from tests.sso.provider import Provider
from tests.sso.team_with_chat import LETTER, PARKING, Asking, Chat, opened
from tests.sso.team_with_provider import connect_saml, in_session, prove
from tests.sso.test_signing_out_at_both import asks

NAME = "Wurmbrand"


@pytest.fixture(autouse=True)
def quick(keys_are_made_once: None) -> None:
    """For every test here."""


def actor_in(chat: Chat, client: Client) -> Actor | None:
    token = client.cookies[chat.cookie].value
    return chat_user(Agent.objects.get(pk=chat.agent.pk), who_comes(chat.agent.pk, token))


def token_in(chat: Chat, client: Client, **cookies: str) -> Client:
    """Another browser, with this one's cookie under each name."""
    other = Client()
    for name in cookies.values():
        other.cookies[name] = client.cookies[chat.cookie].value
    return other


def test_its_cookie_opens_no_other_address(chat: Chat, alice: Person) -> None:
    """Every address of the product, each with the ids of what is there: as somebody who brings nothing."""
    client = chat.come()
    talk = chat.ask(client).partition("#")[0].rpartition("/")[2]
    document = re.findall(r"/documents/(\w+)", client.get(f"{chat.address}/conversations/{talk}").content.decode())[0]
    things = {"agent": chat.agent.pk, "conversation": talk, "document": document, "number": "1"}
    things |= {"connection": chat.saml.connection.pk, "opening": chat.opening, "member": str(alice.user.pk)}
    addresses = [one for one in set(every_address(get_resolver().url_patterns)) if not one.startswith("/chat/")]
    assert len(addresses) > 100
    names = {"own": chat.cookie, "session": "sessionid", "host": "__Host-session"}
    other = token_in(chat, client, **names)
    for address in sorted(addresses):
        path = re.sub(r"<(\w+)>", lambda found: things.get(found[1], "a" * 26), address)
        for method in ("GET", "POST"):
            answers = [one.generic(method, path) for one in (other, Client())]
            assert answers[0].status_code == answers[1].status_code, (method, path)
            led = [one.get("Location", "").partition("/arrive/")[0] for one in answers]  # its name is random
            assert led[0] == led[1], (method, path)
    assert in_session(other) is None
    assert chat.is_in(client)


def test_a_members_cookie_opens_no_chat(chat: Chat, alice: Person) -> None:
    owner = signed_in(alice.user)
    assert owner.get(chat.agent.url).status_code == 200
    assert not chat.is_in(owner)
    for address in ("/conversations", "/documents/" + "a" * 26):
        assert owner.get(chat.address + address)["Location"] == chat.address
    asked = owner.post(f"{chat.address}/ask", {"question": PARKING})
    assert asked["Location"] == chat.address
    page = owner.get(chat.address).content.decode()
    assert alice.user.email not in page
    assert 'href="/' not in page.replace('href="/static/', "")


def test_an_actor_of_theirs_may_ask_that_agent_and_no_more(chat: Chat, alice: Person) -> None:
    actor = actor_in(chat, chat.come())
    assert actor is not None
    assert {one for one in Permission if may(actor, one, chat.agent)} == set(OUTSIDERS_MAY)
    assert not any(actor.holds(one) for one in Permission)
    other = create_agent(actor=alice.actor, name="Other")
    assert [one.pk for one in agents(actor)] == [chat.agent.pk]
    assert not may(actor, Permission.AGENT_VIEW, other)
    assert list(teams_of(actor)) == []
    assert queue_state(actor).waiting == queue_state(actor).failed == 0
    assert actor.is_bound


def test_whatever_is_granted_names_are_not(chat: Chat, alice: Person) -> None:
    everything = frozenset(Permission)
    given = {"granted": {chat.agent.pk: everything}, "permissions": everything, "on_granted": everything}
    outsider = Actor(kind=ActorKind.OUTSIDER, ref="o" * 26, team=alice.team.pk, **given)
    member = Actor(kind=ActorKind.PERSON, ref="m" * 26, team=alice.team.pk, **given)
    assert may(member, Permission.NAME_VIEW, chat.agent)
    assert {one for one in Permission if may(outsider, one, chat.agent)} == set(OUTSIDERS_MAY)


def test_one_agents_cookie_opens_no_other_agent(chat: Chat, alice: Person) -> None:
    second = create_agent(actor=alice.actor, name="Second")
    add(alice, second, "second.md", LETTER.encode())
    other = opened(alice, second, chat.saml)
    eve = chat.come()
    tossed = token_in(chat, eve, own=other.cookie)
    assert not other.is_in(tossed)
    assert other.is_in(other.come())
    assert chat.is_in(eve)


def test_another_teams_provider_of_the_same_name_opens_nothing(chat: Chat, mallory: Person) -> None:
    """Both providers call themselves by one entity id; Mallory's says what Alice's would."""
    prove(mallory.team, "mallory.example")
    hers = connect_saml(mallory, provider=Provider("other"))
    assert hers.connection.saml.entity_id == chat.saml.connection.saml.entity_id
    for said in ({"attributes": {"groups": ("staff",)}}, {}):
        client = Client()
        asked = chat.begin(client)
        form = hers.answer(asked, "eve@example.org", **said)
        assert chat.saml.arrive(client, form).status_code == 403
        asked = chat.begin(client)
        assert hers.arrive(client, hers.answer(asked, "eve@example.org", **said)).status_code == 400
        assert not chat.is_in(client)
    assert chat.is_in(chat.come())


def _group_removed(chat: Chat, alice: Person) -> None:
    draft = OpeningDraft(groups=["others"], state=OpeningState.LIVE)
    change_opening(actor=alice.actor, agent=chat.agent, opening=chat.opening, draft=draft)


def _draft_again(chat: Chat, alice: Person) -> None:
    change_opening(actor=alice.actor, agent=chat.agent, opening=chat.opening, draft=OpeningDraft(groups=["staff"]))


def _taken_back(chat: Chat, alice: Person) -> None:
    close_to_chat_users(actor=alice.actor, agent=chat.agent, opening=chat.opening)


def _switched_off(chat: Chat, alice: Person) -> None:
    switch_connection(actor=alice.actor, connection=chat.saml.connection.pk, on=False)


def _deleted(chat: Chat, alice: Person) -> None:
    delete_connection(actor=alice.actor, connection=chat.saml.connection.pk)


def _domain_lost(chat: Chat, alice: Person) -> None:
    Domain.objects.filter(team=alice.team).delete()


def _no_masking(chat: Chat, alice: Person) -> None:
    silo = open_silo(actor=alice.actor, agent=chat.agent, permission=Permission.AGENT_UPDATE)
    with silo.writing() as writer:
        rules = MaskingRules(MaskingMode.OFF)
        change_masking(actor=alice.actor, agent=chat.agent, silo=silo, writer=writer, rules=rules)


def _made_personal(chat: Chat, alice: Person) -> None:
    change_sharing(actor=alice.actor, agent=chat.agent, personal=True)


def _agent_deleted(chat: Chat, alice: Person) -> None:
    delete_agent(actor=alice.actor, agent=chat.agent)


def _nothing_asks(chat: Chat, alice: Person) -> None:
    consent_at_onset._entries.clear()


def _groups_said_anew(chat: Chat, alice: Person) -> None:
    assert chat.arrive(Client(), groups=("staff", "others")).status_code == 302
    ChatUser.objects.update(groups=["others"])


@pytest.mark.parametrize(
    "taken",
    [
        _group_removed,
        _draft_again,
        _taken_back,
        _switched_off,
        _deleted,
        _domain_lost,
        _no_masking,
        _made_personal,
        _agent_deleted,
        _nothing_asks,
        _groups_said_anew,
    ],
)
def test_what_let_them_in_is_taken_back(chat: Chat, alice: Person, taken: Any, consent: Any) -> None:
    """At the next request, at every address of the chat."""
    client = chat.come()
    talk = chat.ask(client).partition("#")[0]
    assert client.get(talk).status_code == 200
    taken(chat, alice)
    assert not chat.is_in(client)
    assert client.get(talk).status_code in {302, 404}
    asked = client.post(f"{chat.address}/ask", {"question": PARKING})
    assert asked.status_code == 404 or asked["Location"] == chat.address


def test_what_was_switched_off_meanwhile_lets_nobody_in(chat: Chat, alice: Person) -> None:
    client = Client()
    form = chat.saml.answer(chat.begin(client), "eve@example.org", attributes={"groups": ("staff",)})
    _switched_off(chat, alice)
    assert chat.saml.arrive(client, form).status_code == 403
    assert not ChatSession.objects.exists()
    switch_connection(actor=alice.actor, connection=chat.saml.connection.pk, on=True)
    assert chat.is_in(chat.come())


def test_a_statement_is_used_twice(chat: Chat) -> None:
    eve, thief = Client(), Client()
    form = chat.saml.answer(
        chat.begin(eve), "eve@example.org", attributes={"mail": ("eve@example.org",), "groups": ("staff",)}
    )
    assert chat.saml.arrive(eve, form).status_code == 302
    chat.begin(thief)
    assert [chat.saml.arrive(one, form).status_code for one in (eve, thief)] == [400, 400]
    assert chat.is_in(eve)
    assert ChatSession.objects.count() == 1


def test_a_statement_asked_for_to_sign_in_opens_no_chat(chat: Chat) -> None:
    """And the other way round: with the right key of the wrong asking, and with its own."""
    saml, said = chat.saml, {"mail": ("alice@example.org",), "groups": ("staff",)}
    client = Client()
    to_sign_in, to_chat = saml.begin(client, "alice@example.org"), chat.begin(client)
    for answered, brought in ((to_sign_in, to_chat), (to_chat, to_sign_in)):
        form = saml.answer(answered, "alice@example.org", attributes=said) | {"RelayState": brought.relay_state}
        assert saml.arrive(client, form).status_code == 403
    assert in_session(client) is None
    assert not ChatSession.objects.exists()
    asked = saml.begin(client, "alice@example.org")
    assert saml.arrive(client, saml.answer(asked, "alice@example.org", attributes=said)).status_code == 302
    assert in_session(client) is not None
    assert not chat.is_in(client)
    other = Client()
    assert saml.arrive(other, saml.answer(chat.begin(other), "alice@example.org", attributes=said)).status_code == 302
    assert in_session(other) is None
    assert chat.is_in(other)


def test_a_provider_that_begins_opens_no_chat(chat: Chat) -> None:
    saml = chat.saml.connection.saml
    saml.lets_provider_begin = True
    saml.save()
    client = Client()
    form = chat.saml.answer(None, "alice@example.org") | {"RelayState": chat.address}
    assert chat.saml.arrive(client, form).status_code == 302
    assert in_session(client) is not None
    assert not ChatSession.objects.exists()
    assert not chat.is_in(client)


def test_a_planted_cookie_is_nobodys_after_the_sign_in(chat: Chat) -> None:
    planted = "a" * 43
    client = Client()
    client.cookies[chat.cookie] = planted
    assert not chat.is_in(client)
    assert chat.arrive(client).status_code == 302
    assert chat.is_in(client)
    assert client.cookies[chat.cookie].value != planted
    thief = Client()
    thief.cookies[chat.cookie] = planted
    assert not chat.is_in(thief)


def test_a_sign_in_that_this_browser_did_not_begin_opens_nothing(chat: Chat) -> None:
    """Mallory sends her own answer to Eve's browser, to read along there."""
    hers, eves = Client(), Client()
    form = chat.saml.answer(chat.begin(hers), "mallory@example.org", attributes={"groups": ("staff",)})
    assert chat.saml.arrive(eves, form).status_code == 400
    assert not chat.is_in(eves)


@pytest.mark.usefixtures("consent")
def test_live_in_the_database_opens_nothing_alone(chat: Chat) -> None:
    assert Client().get(chat.address).status_code == 200
    _nothing_asks(chat, None)  # type: ignore[arg-type]
    assert ChatOpening.objects.get().state == OpeningState.LIVE
    never = Client().get("/chat/" + "a" * 26)
    closed = Client().get(chat.address)
    assert (closed.status_code, never.status_code) == (404, 404)
    assert _plain(closed) == _plain(never)


def test_draft_closed_and_unknown_are_one_page(chat: Chat, alice: Person, mallory: Person) -> None:
    draft = create_agent(actor=alice.actor, name="Draft")
    opened(alice, draft, chat.saml, state=OpeningState.DRAFT)
    shut, hers = create_agent(actor=alice.actor, name="Shut"), create_agent(actor=mallory.actor, name="Hers")
    gone = create_agent(actor=alice.actor, name="Gone")
    delete_agent(actor=alice.actor, agent=gone)
    assert Client().get(chat.address).status_code == 200
    for below in ("", "/conversations", "/documents/" + "a" * 26):
        pages = [Client().get(f"/chat/{one}{below}") for one in (draft.pk, shut.pk, hers.pk, gone.pk, "a" * 26)]
        assert {one.status_code for one in pages} == {404}
        assert len({_plain(one) for one in pages}) == 1


def _plain(page: Any) -> str:
    return re.sub(r'nonce="[^"]*"', "", page.content.decode())


def test_names_are_shown_at_no_address_of_a_chat(chat: Chat, alice: Person) -> None:
    """Alice sees the name in her own conversation, and in the same document."""
    client = chat.come()
    talk = chat.ask(client).partition("#")[0]
    page = client.get(talk)
    places = [one["url"] for turn in page.context["turns"] for one in turn["passages"]]
    assert places
    streamed = repr(chat.stream(client))
    assert "two euros" in streamed
    seen = [streamed, *(client.get(one).content.decode() for one in (talk, chat.address, *places))]
    seen.append(client.get(f"{chat.address}/conversations").content.decode())
    assert [one for one in seen if NAME in one or "hildegard@" in one] == []
    hers = alice.client.post(f"{chat.agent.url}/ask", {"question": PARKING})["Location"]
    shown = alice.client.get(hers)
    assert NAME in shown.content.decode()
    (place, *_) = [one["url"] for turn in shown.context["turns"] for one in turn["passages"]]
    assert NAME in alice.client.get(place).content.decode()
    document = place.split("?")[0].rpartition("/")[2]
    assert NAME not in client.get(f"{chat.address}/documents/{document}").content.decode()
    for below in (f"/documents/{document}/pages/1", f"/documents/{document}/about", "/knowledge", "/people"):
        assert client.get(chat.address + below).status_code == 404


def test_who_is_signed_out_at_the_provider_is_out(chat: Chat) -> None:
    eve, finn = chat.come("eve"), chat.come("finn")
    for name_id, index in (("eve@example.org", "_another"), ("gina@example.org", "_session-1")):
        assert Client().get(asks(chat.saml, name_id, index)).status_code == 200
        assert chat.is_in(eve)
    assert Client().get(asks(chat.saml, "eve@example.org")).status_code == 200
    assert not chat.is_in(eve)
    assert chat.is_in(finn)


def test_who_signed_out_while_waiting_is_not_answered(chat: Chat, consent: Asking, rf: Any) -> None:
    client = chat.come()
    request = rf.get(chat.address)
    request.COOKIES, request.actor = {chat.cookie: client.cookies[chat.cookie].value}, actor_in(chat, client)
    assert as_of_now(request, chat.agent).ref == request.actor.ref
    consent.agreed = set()
    with pytest.raises(NotFoundError):
        as_of_now(request, chat.agent)
    consent.agreed = None
    Agent.objects.update(personal=True)
    with pytest.raises(NotFoundError):
        as_of_now(request, chat.agent)
    Agent.objects.update(personal=False)
    assert as_of_now(request, chat.agent).ref == request.actor.ref
    client.post(f"{chat.address}/sign-out")
    with pytest.raises(NotFoundError):
        as_of_now(request, chat.agent)


def test_the_cookie_is_read_for_its_agent_alone(chat: Chat, rf: Any) -> None:
    request = rf.get("/")
    request.COOKIES = {chat.cookie: "t"}
    assert chat_token(request, chat.agent.pk) == "t"
    assert chat_token(request, "a" * 26) == ""
