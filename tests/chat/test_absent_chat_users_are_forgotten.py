"""Who has not come for 180 days is forgotten with what he asked, also where the agent keeps conversations for ever; who
came since, or is signed in, is not.
"""

import json
from datetime import timedelta

import pytest

from muniment.agents.services import update_agent
from muniment.audit.models import Outbox
from muniment.chat.models import Conversation
from muniment.core.actors import SYSTEM
from muniment.core.clock import now
from muniment.core.registries import schedules
from muniment.jobs.services import enqueue, run_due
from muniment.sso import chat_users
from muniment.sso.models import ChatSession, ChatUser, Connection
from tests.cast import Person
from tests.sso.team_with_chat import PARKING, Chat
from tests.sso.team_with_chat import chat as chat  # noqa: PLC0414 - fixtures
from tests.sso.team_with_chat import consent as consent  # noqa: PLC0414
from tests.sso.team_with_provider import acme as acme  # noqa: PLC0414
from tests.sso.team_with_provider import keys_are_made_once as keys_are_made_once  # noqa: PLC0414

pytestmark = pytest.mark.usefixtures("keys_are_made_once")


def came(chat: Chat, name: str, days: float, *, signed_in: bool = False) -> str:
    """The reference of somebody who asked, so long ago."""
    chat.ask(chat.come(name))
    user = ChatUser.objects.get(subject=f"{name}@example.org")
    ChatUser.objects.filter(pk=user.pk).update(seen_at=now() - timedelta(days=days))
    if not signed_in:
        ChatSession.objects.filter(chat_user=user).delete()
    return user.ref


def look_after() -> None:
    enqueue(actor=SYSTEM, kind=schedules.get("sso").kind, payload={})
    run_due()


@pytest.mark.parametrize("kept", [None, 3650])
def test_who_stayed_away_is_forgotten_with_what_he_asked(chat: Chat, alice: Person, kept: int | None) -> None:
    update_agent(actor=alice.actor, agent=chat.agent, retention_days=kept)
    gone, gone_too = came(chat, "eve", 180.1), came(chat, "finn", 400)
    lately, here = came(chat, "gina", 179.9), came(chat, "hans", 181, signed_in=True)
    assert alice.client.post(f"{chat.agent.url}/ask", {"question": PARKING}).status_code == 302
    look_after()
    assert set(ChatUser.objects.values_list("ref", flat=True)) == {lately, here}
    asked = set(Conversation.objects.values_list("person", flat=True))
    assert asked == {lately, here, alice.user.ref}
    assert not {gone, gone_too} & asked
    told = [json.loads(bytes(row.body))["event"] for row in Outbox.objects.all()]
    (event,) = [one for one in told if one["kind"] == "team:chat_user:forget"]
    assert (event["team"], event["facts"]) == (alice.team.pk, {"chat_users": 2})
    assert chat.is_in(chat.come("eve"))  # who comes after all is somebody new
    assert gone not in ChatUser.objects.values_list("ref", flat=True)


def test_many_are_forgotten_some_at_a_time(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chat_users, "_AT_ONCE", 2)
    connection = Connection.objects.get()
    long_ago = now() - timedelta(days=200)
    for number in range(3):
        ChatUser.objects.create(connection=connection, subject=f"s{number}", seen_at=long_ago)
    assert [chat_users.forget_absent(connection) for _ in range(3)] == [2, 1, 0]
