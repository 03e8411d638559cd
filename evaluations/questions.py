"""What an agent answers from the General Data Protection Regulation: which articles it cites, what it refuses.

python -m evaluations.questions [--masked]

Takes about 2 minutes, the first time 5: sentences are embedded once per machine.
"""

import re
import sys
from typing import TYPE_CHECKING

from evaluations import runs, scifact
from evaluations.answers.gdpr import ASKED, FOLLOW_UPS, TUNED_ON, Asked
from evaluations.installation import installation

if TYPE_CHECKING:
    from muniment.agents.models import Agent
    from muniment.core.actors import Actor

FOLDER = scifact.FOLDER.parent / "gdpr"
FILES = ("articles.txt", "gdpr-en.html")


def answer(
    actor: "Actor", agent: "Agent", question: str, conversation: str | None = None
) -> tuple[str, set[int], bool]:
    """(conversation, articles cited, refused)"""
    from muniment.agents.services import open_silo
    from muniment.chat.services import ask
    from muniment.chat.types import Refused, Said, Started
    from muniment.core.permissions import Permission
    from muniment.silo.chunks import read_chunks

    events = list(ask(actor=actor, agent=agent, question=question, conversation=conversation))
    cited = [c.chunk for event in events if isinstance(event, Said) for c in event.sentence.citations]
    silo = open_silo(actor=actor, agent=agent, permission=Permission.DOCUMENT_VIEW)
    with silo.reading() as reader:
        names = [name for chunk in read_chunks(reader, cited) for name in chunk.headings]
    articles = {int(match[1]) for name in names if (match := re.fullmatch(r"Article (\d+)", name))}
    (started,) = (event for event in events if isinstance(event, Started))
    return started.conversation, articles, any(isinstance(event, Refused) for event in events)


def shares(actor: "Actor", agent: "Agent", questions: tuple[Asked, ...]) -> tuple[str, str, str]:
    """Answered, right (each article that answers is cited), and near misses refused, as `n of m`."""
    found = [(one, *answer(actor, agent, one.text)[1:]) for one in questions]
    held = [(one, articles, refused) for one, articles, refused in found if one.articles]
    missed = [refused for one, _, refused in found if not one.articles]
    return (
        f"{sum(not refused for _, _, refused in held)} of {len(held)}",
        f"{sum(one.articles <= articles for one, articles, _ in held)} of {len(held)}",
        f"{sum(missed)} of {len(missed)}",
    )


def main() -> None:
    masking = "stand_ins" if "--masked" in sys.argv[1:] else "off"
    rows: dict[str, tuple[str, str, str]] = {}
    with installation() as actor:
        scifact.remember()
        for name in FILES:
            agent = scifact.agent_of(actor, name, {name: (FOLDER / name).read_bytes()}, masking=masking)
            rows[f"{name}, asked"] = shares(actor, agent, ASKED)
            rows[f"{name}, tuned on"] = shares(actor, agent, TUNED_ON)
            understood = 0
            for pair in FOLLOW_UPS:
                conversation, _, _ = answer(actor, agent, pair.first)
                understood += bool(pair.articles & answer(actor, agent, pair.second, conversation)[1])
            rows[f"{name}, follow-ups"] = ("", f"{understood} of {len(FOLLOW_UPS)}", "")
    print(runs.row("file and questions", "answered", "with every right article", "near misses refused"))
    print(runs.row("---", "---", "---", "---"))
    for what, cells in rows.items():
        print(runs.row(what, *cells))


if __name__ == "__main__":
    main()
