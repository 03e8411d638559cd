"""A process that answers like a server: main() reads one JSON list a line, [act, arguments...], and writes what came.

What came is everything that was read, as one string, or {"refused": name of the error, "sentence": what it says}.
Nothing is reread between two lines, so what it has opened and cached it still has.
"""

import json
import sys

from muniment.agents.selectors import agent as find_agent
from muniment.agents.services import delete_agent
from muniment.chat.selectors import conversation, conversations
from muniment.chat.services import ask, delete_conversation
from muniment.core.faults import known
from muniment.ingest.selectors import documents, names, open_document, original
from muniment.ingest.services import delete_documents
from muniment.teams.selectors import operator_actor, teams_of


class Answering:
    def __init__(self) -> None:
        self.actor = operator_actor(teams_of(operator_actor(None)).get().pk)

    def ask(self, agent: str, question: str) -> str:
        return str(list(ask(actor=self.actor, agent=find_agent(self.actor, agent), question=question)))

    def open(self, agent: str, document: str) -> str:
        return str(open_document(self.actor, find_agent(self.actor, agent), document))

    def original(self, agent: str, document: str) -> str:
        return str(b"".join(original(self.actor, find_agent(self.actor, agent), document)))

    def name(self, agent: str, document: str) -> str:
        return str(names(self.actor, find_agent(self.actor, agent), {document}))

    def talk(self, agent: str, identifier: str) -> str:
        return str(conversation(self.actor, find_agent(self.actor, agent), identifier))

    def lists(self, agent: str) -> str:
        found = find_agent(self.actor, agent)
        return str([documents(self.actor, found), conversations(self.actor, found)])

    def delete_document(self, agent: str, document: str) -> str:
        return str(delete_documents(actor=self.actor, agent=find_agent(self.actor, agent), documents=[document]))

    def delete_talk(self, agent: str, identifier: str) -> str:
        delete_conversation(actor=self.actor, agent=find_agent(self.actor, agent), conversation=identifier)
        return ""

    def delete_agent(self, agent: str) -> str:
        return delete_agent(actor=self.actor, agent=find_agent(self.actor, agent))


def main() -> None:
    answering = Answering()
    for line in sys.stdin:
        act, *arguments = json.loads(line)
        try:
            came = getattr(answering, act)(*arguments)
        except Exception as error:
            ours = known(error)
            if ours is None:
                raise
            came = {"refused": type(ours).__name__, "sentence": str(ours)}
        print(json.dumps(came), flush=True)  # noqa: T201 - how it is read
