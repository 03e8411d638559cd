"""Does the main job while it notes every socket that is asked for: main(FOLDER) prints those of the network.

Every module of the product is imported first, since importing could reach out as well.
"""

import json
import pkgutil
import sys
from importlib import import_module
from pathlib import Path

import muniment
from muniment.agents.services import create_agent, delete_agent
from muniment.audit.services import checkpoint_now, verify_log
from muniment.backup.services import back_up
from muniment.chat.services import ask
from muniment.ingest.services import add_document
from muniment.jobs.services import run_due
from muniment.teams.selectors import operator_actor
from muniment.teams.services import first_team

NETWORK = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "socket.bind")
noted: list[list[str]] = []


def note(event: str, arguments: tuple[object, ...]) -> None:
    """A hook of PEP 578. Addresses of Unix sockets are strings or bytes; those of the network are pairs."""
    if event in NETWORK and not isinstance(arguments[-1], str | bytes):
        noted.append([event, str(arguments[1:])])


def main(folder: str) -> None:
    sys.addaudithook(note)
    modules = [module.name for module in pkgutil.walk_packages(muniment.__path__, "muniment.")]
    for name in modules:
        if not name.endswith("__main__"):
            import_module(name)
    actor = operator_actor(first_team(actor=operator_actor(None)).pk)
    agent = create_agent(actor=actor, name="Museum")
    text = b"The herbarium keeps its ferns in the third cabinet."
    add_document(actor=actor, agent=agent, name="ferns.txt", source=[text])
    run_due()
    said = str(list(ask(actor=actor, agent=agent, question="Where are the ferns?")))
    back_up(actor=operator_actor(None), folder=Path(folder) / "target")
    delete_agent(actor=actor, agent=agent)
    checkpoint_now()
    verify_log()
    print(json.dumps({"modules": len(modules), "answered": "third cabinet" in said, "network": noted}))  # noqa: T201
