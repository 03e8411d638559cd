"""An agent of Alice's team that is open to chat users of its provider, once something asks them for consent."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.conf import settings
from django.test import AsyncClient, Client

from muniment.agents.models import Agent
from muniment.agents.services import OpeningDraft, create_agent, open_to_chat_users
from muniment.agents.types import OpeningState
from muniment.core.registries import consent_at_onset
from tests.cast import Person
from tests.chat.conftest import Events, add, parsed
from tests.sso.team_with_provider import SamlTeam, asked_in

LETTER = "# Parking\n\nParking costs two euros a day, writes Hildegard Wurmbrand (hildegard@wurmbrand.example).\n"
PARKING = "What does parking cost a day?"
STAFF = {"groups": ("staff",)}


@dataclass
class Asking:
    """What a room of privacy is going to be: `agreed` are the references of persons; None: everybody."""

    agreed: set[str] | None = None
    asked: list[tuple[str, str]] = field(default_factory=list)

    def is_given(self, *, agent: str, person: str) -> bool:
        self.asked.append((agent, person))
        return self.agreed is None or person in self.agreed

    def ask_at(self, *, agent: str, after: str) -> str:
        return f"/chat/{agent}/notice?next={after}"


@pytest.fixture
def consent(monkeypatch: pytest.MonkeyPatch) -> Asking:
    """Fills the slot that is empty in this version."""
    asking = Asking()
    monkeypatch.setitem(consent_at_onset._entries, "privacy", asking)
    return asking


@dataclass
class Chat:
    """One agent and the connection it is open to."""

    agent: Agent
    opening: str
    saml: SamlTeam

    @property
    def address(self) -> str:
        return f"/chat/{self.agent.pk}"

    @property
    def cookie(self) -> str:
        return f"chat-{self.agent.pk}"

    def begin(self, client: Client) -> Any:
        page = client.post(f"{self.address}/sign-in", {"connection": self.saml.connection.pk})
        assert page.status_code == 200, page.content
        return asked_in(page.content.decode())

    def arrive(self, client: Client, name: str = "eve", *, groups: tuple[str, ...] = ("staff",), **changes: Any) -> Any:
        """By the provider and back. `changes` of its good answer."""
        email = f"{name}@example.org"
        said = {"attributes": {"mail": (email,), "displayName": ("Eve Employee",), "groups": groups}}
        return self.saml.arrive(client, self.saml.answer(self.begin(client), email, **(said | changes)))

    def come(self, name: str = "eve", **options: Any) -> Client:
        """A browser in which this person is signed in to the chat."""
        client = Client()
        arrived = self.arrive(client, name, **options)
        assert arrived.status_code == 302, arrived.content.decode()
        assert arrived["Location"] == self.address
        return client

    def ask(self, client: Client, question: str = PARKING, **fields: str) -> str:
        """With the plain form; the address of the conversation, with the turn."""
        response = client.post(f"{self.address}/ask", {"question": question, **fields})
        assert response.status_code == 302, response.content.decode()
        return str(response["Location"])

    def stream(self, client: Client, question: str = PARKING) -> Events:
        other = AsyncClient()
        other.cookies = client.cookies

        async def streamed() -> bytes:
            sent = {"Accept": "text/event-stream"}
            response = await other.post(f"{self.address}/ask", {"question": question}, headers=sent)
            assert response["Content-Type"] == "text/event-stream; charset=utf-8", response.content
            return b"".join([piece async for piece in response.streaming_content])

        return parsed(asyncio.run(streamed()))

    def is_in(self, client: Client) -> bool:
        """Whether the one page is the conversation, and not the way in or nothing."""
        page = client.get(self.address)
        return page.status_code == 200 and "chat/ask.html" in [one.name for one in page.templates]


@pytest.fixture
def chat(transactional_db: None, alice: Person, acme: SamlTeam, consent: Asking) -> Chat:
    """Alice's agent with one document, live for the group `staff`."""
    agent = create_agent(actor=alice.actor, name="Handbook")
    add(alice, agent, "handbook.md", LETTER.encode())
    return opened(alice, agent, acme)


def opened(owner: Person, agent: Agent, saml: SamlTeam, **draft: Any) -> Chat:
    wanted = OpeningDraft(**({"groups": ["staff"], "state": OpeningState.LIVE} | draft))
    made = open_to_chat_users(actor=owner.actor, agent=agent, connection=saml.connection.pk, draft=wanted)
    return Chat(agent, made.pk, saml)


def cookies_over_https(monkeypatch: pytest.MonkeyPatch) -> None:
    base = type(settings.MUNIMENT_BASE_URL).parse("https://muniment.example.org")
    monkeypatch.setattr(settings, "MUNIMENT_BASE_URL", base)
