"""Attacker: a chat user with two copies of one answer; whoever points the connection at another provider. Move: bring
the answer twice at the same moment, past what each request alone sees; have an answer judged before the change and used
after it. Guarantee: G-159.
"""

from dataclasses import replace

import pytest

from muniment.core.clock import now
from muniment.sso.errors import NotLetInError, Refused
from muniment.sso.models import ChatSession, Connection
from muniment.sso.selectors import open_connection
from muniment.sso.services import TypedProvider, let_chat, set_by_hand, switch_connection
from muniment.sso.types import Protocol, Statement
from tests.cast import Person
from tests.sso.provider import key_pair
from tests.sso.team_with_chat import Chat

EVE = Statement(
    subject="u-17",
    email="eve@example.org",
    email_verified=True,
    name="Eve Employee",
    groups=("staff",),
    attributes={},
    once="_assertion-1",
)


@pytest.fixture(autouse=True)
def quick(keys_are_made_once: None) -> None:
    """For every test here."""


def read(chat: Chat) -> Connection:
    return open_connection(chat.saml.connection.pk, Protocol.SAML)


def test_of_two_at_once_one_comes_in(chat: Chat) -> None:
    connection, said = read(chat), replace(EVE, once_until=now())
    assert let_chat(connection=connection, said=said, agent=chat.agent.pk)
    with pytest.raises(NotLetInError) as refusal:
        let_chat(connection=connection, said=said, agent=chat.agent.pk)
    assert refusal.value.refused is Refused.REPLAYED
    assert ChatSession.objects.count() == 1
    assert let_chat(connection=connection, said=replace(said, once="_assertion-2"), agent=chat.agent.pk)


def test_what_one_provider_said_is_not_believed_of_the_next(chat: Chat, alice: Person) -> None:
    judged_by, said = read(chat), replace(EVE, once_until=now())
    next_provider = TypedProvider("https://other.example", "https://other.example/sso", [key_pair("other").certificate])
    set_by_hand(actor=alice.actor, connection=judged_by.pk, typed=next_provider)
    switch_connection(actor=alice.actor, connection=judged_by.pk, on=True)
    with pytest.raises(NotLetInError) as refusal:
        let_chat(connection=judged_by, said=said, agent=chat.agent.pk)
    assert refusal.value.refused is Refused.OFF
    assert not ChatSession.objects.exists()
    assert let_chat(connection=read(chat), said=said, agent=chat.agent.pk)
