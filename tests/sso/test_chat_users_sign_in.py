"""Somebody who is no member signs in by a connection to ask one agent."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client

from muniment.accounts.models import User
from muniment.agents.services import OpeningDraft, change_opening, close_to_chat_users, delete_agent
from muniment.agents.types import OpeningState
from muniment.audit.models import Entry
from muniment.audit.services import checkpoint_now
from muniment.core import clock
from muniment.core.rates import Buckets
from muniment.sso.chat_users import REMEMBERED
from muniment.sso.models import ChatSession, ChatUser, Identity, SamlProvider
from muniment.sso.services import set_chat_cookie, switch_connection
from muniment.sso.tasks import forget_used
from muniment.teams.models import Membership
from tests.cast import Person, signed_in
from tests.sso.team_with_chat import Chat, cookies_over_https
from tests.sso.team_with_provider import in_session, led_to, message_in
from tests.sso.test_signing_out_at_both import SLO_URL, answered, asks, here


def test_the_address_shows_the_ways_in(chat: Chat) -> None:
    page = Client().get(chat.address)
    assert page.status_code == 200
    text = page.content.decode()
    assert "Handbook" in text
    assert "Sign in with Acme" in text
    assert 'href="/"' not in text


def test_who_is_in_a_group_is_let_in(chat: Chat) -> None:
    client = chat.come()
    assert chat.is_in(client)


def test_no_account_no_membership_no_identity_is_made(chat: Chat) -> None:
    before = [model.objects.count() for model in (User, Membership, Identity)]
    client = chat.come()
    assert [model.objects.count() for model in (User, Membership, Identity)] == before
    assert in_session(client) is None


def test_of_the_person_the_subject_the_groups_and_the_domain_are_kept(chat: Chat) -> None:
    chat.come()
    kept = ChatUser.objects.get()
    assert (kept.subject, kept.groups, kept.domain) == ("eve@example.org", ["staff"], "example.org")
    fields = {field.name for field in ChatUser._meta.get_fields()}
    assert fields == {"id", "connection", "subject", "ref", "groups", "domain", "created_at", "seen_at", "sessions"}


def test_who_comes_again_is_the_same(chat: Chat) -> None:
    chat.come()
    chat.come()
    assert ChatUser.objects.count() == 1
    assert ChatSession.objects.count() == 2


def test_a_member_who_comes_is_somebody_else_here(chat: Chat, bob: Person) -> None:
    client = signed_in(bob.user)
    assert chat.arrive(client, "bob").status_code == 302
    assert chat.is_in(client)
    assert in_session(client) == bob.user
    assert not Identity.objects.exists()
    client.post(f"{chat.address}/sign-out")
    assert not chat.is_in(client)
    assert in_session(client) == bob.user


@pytest.mark.parametrize("groups", [(), ("others",)])
def test_who_is_in_none_of_the_groups_is_refused(chat: Chat, groups: tuple[str, ...]) -> None:
    client = Client()
    refused = chat.arrive(client, groups=groups)
    assert refused.status_code == 403
    assert "not open to you" in refused.content.decode()
    assert not ChatUser.objects.exists()
    assert not chat.is_in(client)


def test_everybody_has_an_address_in_a_proven_domain(chat: Chat, alice: Person) -> None:
    draft = OpeningDraft(everybody=True, state=OpeningState.LIVE)
    change_opening(actor=alice.actor, agent=chat.agent, opening=chat.opening, draft=draft)
    assert chat.arrive(Client(), groups=()).status_code == 302
    assert chat.arrive(Client(), name_id="4711", attributes={}).status_code == 403
    assert chat.arrive(Client(), name_id="4711", attributes={"groups": ("staff",)}).status_code == 403


def test_without_an_address_one_comes_by_a_group(chat: Chat) -> None:
    client = Client()
    assert chat.arrive(client, name_id="4711", attributes={"groups": ("staff",)}).status_code == 302
    assert chat.is_in(client)
    assert ChatUser.objects.get().domain == ""


def test_an_address_of_another_domain_is_refused(chat: Chat) -> None:
    said = {"mail": ("eve@elsewhere.example",), "groups": ("staff",)}
    refused = chat.arrive(Client(), attributes=said)
    assert refused.status_code == 403
    assert "in no domain" in refused.content.decode()
    assert not ChatUser.objects.exists()


def test_the_cookie_is_its_own_and_narrow(chat: Chat) -> None:
    client = chat.come()
    cookie = client.cookies[chat.cookie]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", chat.address)
    assert cookie["domain"] == ""
    assert cookie["max-age"] == ""
    assert cookie.value.encode() not in b"".join(bytes(one.token_hash) for one in ChatSession.objects.all())


def test_over_https_it_is_of_this_host_alone(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    cookies_over_https(monkeypatch)
    response = HttpResponse()
    set_chat_cookie(response, agent=chat.agent.pk, token="t")
    cookie = response.cookies[f"__Host-chat-{chat.agent.pk}"]
    assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", "")


@pytest.mark.parametrize("after", [timedelta(hours=12), timedelta(days=7)])
def test_it_ends_like_the_session_of_a_member(chat: Chat, monkeypatch: pytest.MonkeyPatch, after: timedelta) -> None:
    client = chat.come()
    moment = clock.now()
    if after == timedelta(days=7):
        ChatSession.objects.update(created_at=moment - after + timedelta(minutes=1))
        assert chat.is_in(client)
        ChatSession.objects.update(created_at=moment - after)
    else:
        ChatSession.objects.update(seen_at=moment - after + timedelta(minutes=1))
        assert chat.is_in(client)
        ChatSession.objects.update(seen_at=moment - after)
    assert not chat.is_in(client)
    forget_used()
    assert ChatSession.objects.exists()  # so that it can still be ended at the provider
    with clock.frozen(moment + REMEMBERED):
        forget_used()
    assert not ChatSession.objects.exists()
    assert ChatUser.objects.exists()


def test_it_ends_when_the_provider_wants_it_to(chat: Chat) -> None:
    client = chat.come(session_until=3600)
    session = ChatSession.objects.get()
    assert session.until is not None
    assert chat.is_in(client)
    ChatSession.objects.update(until=clock.now())
    assert not chat.is_in(client)


def test_signing_out_ends_it(chat: Chat) -> None:
    client = chat.come()
    token = client.cookies[chat.cookie].value
    assert client.post(f"{chat.address}/sign-out")["Location"] == chat.address
    assert not ChatSession.objects.exists()
    client.cookies[chat.cookie] = token
    assert not chat.is_in(client)


def test_signing_out_asks_the_provider_to_as_well(chat: Chat) -> None:
    SamlProvider.objects.update(slo_redirect=SLO_URL)
    chat.saml.connection.refresh_from_db()
    client = chat.come()
    request = message_in(led_to(client.post(f"{chat.address}/sign-out")), "SAMLRequest")
    assert not ChatSession.objects.exists()
    assert request.findtext("{*}NameID") == "eve@example.org"
    assert request.findtext("{*}SessionIndex") == "_session-1"
    answer = here(answered(chat.saml, request))
    page = client.get(answer).content.decode()
    assert "Here, and at your provider" in page
    assert f'href="{chat.address}"' in page
    assert 'href="/sign-in"' not in page
    assert client.get(answer).status_code == 400


@pytest.mark.parametrize("length", [255, 256])
def test_an_index_of_any_length_names_its_session(chat: Chat, length: int) -> None:
    SamlProvider.objects.update(slo_redirect=SLO_URL)
    chat.saml.connection.refresh_from_db()
    first, second = ("x" * (length - 1) + end for end in "ab")
    one, other = chat.come(session_index=first), chat.come(session_index=second)
    assert Client().get(asks(chat.saml, "eve@example.org", first)).status_code == 200
    assert not chat.is_in(one)
    assert chat.is_in(other)
    asked = message_in(led_to(other.post(f"{chat.address}/sign-out")), "SAMLRequest")
    assert asked.findtext("{*}NameID") == "eve@example.org"
    assert asked.findtext("{*}SessionIndex") == (second if length == 255 else None)  # None: all of the person's


def _closed(chat: Chat, alice: Person) -> None:
    close_to_chat_users(actor=alice.actor, agent=chat.agent, opening=chat.opening)


def _deleted(chat: Chat, alice: Person) -> None:
    delete_agent(actor=alice.actor, agent=chat.agent)


def _switched_off(chat: Chat, alice: Person) -> None:
    switch_connection(actor=alice.actor, connection=chat.saml.connection.pk, on=False)


@pytest.mark.parametrize("gone", [_closed, _deleted, _switched_off])
def test_so_does_who_signs_out_of_a_chat_that_was_closed(
    chat: Chat, alice: Person, gone: Callable[[Chat, Person], None]
) -> None:
    """Its page is still open in the browser. Whoever has no token of it is told what every page says."""
    SamlProvider.objects.update(slo_redirect=SLO_URL)
    chat.saml.connection.refresh_from_db()
    client, stranger = chat.come(), Client()
    stranger.cookies[chat.cookie] = "a" * 43
    gone(chat, alice)
    told = [one.post(f"/chat/{agent}/sign-out") for one in (stranger, Client()) for agent in (chat.agent.pk, "a" * 26)]
    assert {one.status_code for one in told} == {404}
    assert len({re.sub(r'nonce="[^"]*"', "", one.content.decode()) for one in told}) == 1
    assert not chat.is_in(client)
    request = message_in(led_to(client.post(f"{chat.address}/sign-out")), "SAMLRequest")
    assert request.findtext("{*}NameID") == "eve@example.org"
    assert request.findtext("{*}SessionIndex") == "_session-1"
    assert not ChatSession.objects.exists()
    assert "Here, and at your provider" in client.get(here(answered(chat.saml, request))).content.decode()
    assert client.post(f"{chat.address}/sign-out").status_code == 404


def test_a_session_that_ended_is_remembered_for_that_for_a_while(chat: Chat, alice: Person) -> None:
    eve, finn = chat.come("eve"), chat.come("finn")
    _closed(chat, alice)
    ended = clock.now() - REMEMBERED
    ChatSession.objects.filter(chat_user__subject="eve@example.org").update(until=ended)
    assert eve.post(f"{chat.address}/sign-out").status_code == 404
    assert finn.post(f"{chat.address}/sign-out").status_code == 302


def test_one_address_begins_so_often_in_a_minute(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("muniment.chat.outside_views._arrivals", Buckets(clock=lambda: 0.0))
    monkeypatch.setattr("muniment.chat.outside_views.ARRIVALS", 2)
    sent = {"connection": chat.saml.connection.pk}
    begun = [Client().post(f"{chat.address}/sign-in", sent).status_code for _ in range(3)]
    assert begun == [200, 200, 429]
    for address, status in (("192.0.2.7", 200), ("::ffff:127.0.0.1", 429)):
        assert Client(REMOTE_ADDR=address).post(f"{chat.address}/sign-in", sent).status_code == status


def test_a_way_that_is_none_is_told(chat: Chat) -> None:
    for connection in ("", "a" * 26):
        page = Client().post(f"{chat.address}/sign-in", {"connection": connection})
        assert page.status_code == 422
        assert "Sign in with Acme" in page.content.decode()


def test_the_log_says_who_came_was_refused_and_left(chat: Chat) -> None:
    client = chat.come()
    chat.arrive(Client(), "mallory", groups=())
    client.post(f"{chat.address}/sign-out")
    checkpoint_now()
    ref = ChatUser.objects.get().ref
    kinds = list(Entry.objects.filter(kind__startswith="team:chat_user:").order_by("pk").values_list("kind", "subject"))
    assert kinds == [
        ("team:chat_user:sign_in", ref),
        ("team:chat_user:refuse", chat.saml.connection.pk),
        ("team:chat_user:sign_out", ref),
    ]
