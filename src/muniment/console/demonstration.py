"""The demonstration agent, *Ask Muniment*: made when the installation is claimed, it answers from the product's own
documentation, so that the first question is asked within a minute.

From the pages that are written for who uses or runs the product: those for who reads its code hold the same words, and
would be quoted in answers to people whom they tell nothing.
"""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from muniment.agents.selectors import agents
from muniment.agents.services import create_agent
from muniment.core.actors import Actor
from muniment.ingest.services import add_document

NAME = "Ask Muniment"
PAGES = ("guide/*.md", "commands.md", "settings.md")


def make_demonstration(actor: Actor) -> None:
    """Idempotent, a step of the claim: it may run again after a crash, and finds what is there."""
    agent = agents(actor).filter(name=NAME).first() or create_agent(actor=actor, name=NAME)
    for path in sorted(path for pattern in PAGES for path in settings.MUNIMENT_DOCS.glob(pattern)):
        name = path.relative_to(settings.MUNIMENT_DOCS).as_posix()
        add_document(actor=actor, agent=agent, name=name, source=_pieces(path))


def _pieces(path: Path) -> Iterator[bytes]:
    yield path.read_bytes()
