"""A process that does what a server does, act after act, until somebody kills it: main(SEED).

It calls the services that pages, API and commands call, and says on standard output when an act begins and when it is
done, as one JSON value a line: [act, agent, thing, done].
"""

import json
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from muniment.agents.models import Agent
from muniment.agents.selectors import agents
from muniment.agents.services import create_agent, delete_agent
from muniment.chat.selectors import conversations
from muniment.chat.services import ask, delete_conversation, rename_conversation
from muniment.chat.types import Started
from muniment.ingest.selectors import documents
from muniment.ingest.services import add_document, delete_documents
from muniment.teams.selectors import operator_actor
from muniment.teams.services import first_team

ACTS = ("create agent", "upload", "replace", "ask", "rename", "delete document", "delete conversation", "delete agent")
_WEIGHTS = (1, 8, 4, 6, 2, 4, 2, 1)


def say(act: str, agent: str, thing: str, *, done: bool) -> None:
    print(json.dumps([act, agent, thing, done]), flush=True)  # noqa: T201 - how it is heard


@dataclass
class Acting:
    chance: random.Random

    def __post_init__(self) -> None:

        self.actor = operator_actor(first_team(actor=operator_actor(None)).pk)

    def act(self) -> None:
        """One act at random; of those that need something which is not there, none."""

        there = sorted(agents(self.actor), key=lambda agent: agent.id)
        name = self.chance.choices(ACTS, _WEIGHTS)[0] if len(there) > 1 else "create agent"
        if name == "create agent":
            if len(there) < 4:
                self._create()
        else:
            getattr(self, "_" + name.replace(" ", "_"))(self.chance.choice(there))

    def _said(self, act: str, agent: str, thing: str, do: Callable[[], str | None]) -> None:
        say(act, agent, thing, done=False)
        made = do()
        say(act, agent, made or thing, done=True)

    def _create(self) -> None:

        self._said("create agent", "", "", lambda: create_agent(actor=self.actor, name="Museum").id)

    def _text(self) -> bytes:
        number = self.chance.getrandbits(40)
        return f"Shelf {number} holds the register of parish {number}.\n\n".encode() * self.chance.randrange(1, 30)

    def _put(self, act: str, agent: "Agent", name: str, replaced: str) -> None:

        add = partial(add_document, actor=self.actor, agent=agent, name=name, source=[self._text()])
        self._said(act, agent.id, replaced, lambda: add().document)

    def _upload(self, agent: "Agent") -> None:
        self._put("upload", agent, f"{self.chance.getrandbits(40)}.txt", "")

    def _replace(self, agent: "Agent") -> None:

        found = documents(self.actor, agent)
        versions = Counter(document.name for document in found)  # of two the newer is replaced, and nobody said so
        if alone := [document for document in found if versions[document.name] == 1]:
            older = self.chance.choice(alone)
            self._put("replace", agent, older.name, older.id)

    def _ask(self, agent: "Agent") -> None:

        def answered() -> str:
            events = list(ask(actor=self.actor, agent=agent, question="Which shelf holds the register of a parish?"))
            return next(event.conversation for event in events if isinstance(event, Started))

        self._said("ask", agent.id, "", answered)

    def _talk(self, agent: "Agent") -> str | None:

        found = conversations(self.actor, agent)
        return self.chance.choice(found).id if found else None

    def _rename(self, agent: "Agent") -> None:

        if talk := self._talk(agent):
            rename = partial(rename_conversation, actor=self.actor, agent=agent, conversation=talk, title="Parishes")
            self._said("rename", agent.id, talk, rename)

    def _delete_conversation(self, agent: "Agent") -> None:

        if talk := self._talk(agent):
            delete = partial(delete_conversation, actor=self.actor, agent=agent, conversation=talk)
            self._said("delete conversation", agent.id, talk, delete)

    def _delete_document(self, agent: "Agent") -> None:

        def deleted(document: str) -> None:
            delete_documents(actor=self.actor, agent=agent, documents=[document])

        if found := documents(self.actor, agent):
            document = self.chance.choice(found).id
            self._said("delete document", agent.id, document, lambda: deleted(document))

    def _delete_agent(self, agent: "Agent") -> None:

        def deleted() -> None:
            delete_agent(actor=self.actor, agent=agent)

        self._said("delete agent", agent.id, agent.id, deleted)


def main(seed: str) -> None:
    acting = Acting(random.Random(int(seed)))  # noqa: S311 - repeatable, not secret
    while True:
        acting.act()
