"""The General Data Protection Regulation as text, web page, Word file and PDF: asked, followed up, refused.

The questions are in `evaluations/answers/gdpr.py`. Needs the data folder; says so where it is absent.
"""

import io
import re
import subprocess
from bisect import bisect
from dataclasses import dataclass
from pathlib import Path

import pytest
from docx import Document as WordFile

from evaluations.answers.gdpr import ASKED, FOLLOW_UPS
from muniment.agents.models import Agent
from muniment.agents.services import create_agent
from muniment.chat.services import ask
from muniment.chat.types import Refused, Said, Started
from muniment.ingest.selectors import open_document
from muniment.ingest.services import add_document
from muniment.jobs.services import run_due
from tests.cast import Person

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "gdpr"
pytestmark = [
    pytest.mark.skipif(not DATA.exists(), reason=f"the data folder {DATA} is absent"),
    pytest.mark.django_db(transaction=True),
]


@dataclass
class Regulation:
    """An agent that holds it. `headings`: where in the text each article begins."""

    actor: Person
    agent: Agent
    text: str
    headings: list[tuple[int, int]]

    @classmethod
    def read(cls, person: Person, name: str, content: bytes) -> "Regulation":
        agent = create_agent(actor=person.actor, name="GDPR")
        added = add_document(actor=person.actor, agent=agent, name=name, source=[content])
        run_due()
        text = open_document(person.actor, agent, added.document).text.text
        found = re.finditer(r"^\s*Article (\d+)\s*$", text, re.MULTILINE)
        return cls(person, agent, text, [(match.start(), int(match[1])) for match in found])

    def asked(self, question: str, conversation: str | None = None) -> "Answered":
        """What was cited, after seeing that each quote is the text, byte for byte."""
        articles: set[int] = set()
        refused, started = False, ""
        for event in ask(actor=self.actor.actor, agent=self.agent, question=question, conversation=conversation):
            if isinstance(event, Started):
                started = event.conversation
            elif isinstance(event, Refused):
                refused = True
            elif isinstance(event, Said):
                for citation in event.sentence.citations:
                    assert self.text[citation.start : citation.end] == citation.quote
                    articles.add(self.article(citation.start))
        return Answered(started, refused, articles)

    def article(self, place: int) -> int:
        """The article that stands at this place; 0 before the first."""
        at = bisect([start for start, _ in self.headings], place)
        return self.headings[at - 1][1] if at else 0


@dataclass
class Answered:
    conversation: str
    refused: bool
    articles: set[int]


def _text() -> bytes:
    return (DATA / "articles.txt").read_bytes()


def _page() -> bytes:
    return (DATA / "gdpr-en.html").read_bytes()


def _word() -> bytes:
    made = WordFile()
    for block in _text().decode().split("\n\n"):
        style = "Heading 1" if block.startswith("CHAPTER") else "Heading 2" if block.startswith("Article") else None
        made.add_paragraph(block, style=style)
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


def _pdf(folder: Path) -> bytes:
    target = folder / "gdpr.pdf"
    command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}/profile"]
    page = (DATA / "gdpr-en.html").as_uri()
    subprocess.run([*command, f"--print-to-pdf={target}", page], check=True, capture_output=True, timeout=300)
    return target.read_bytes()


def _measure(regulation: Regulation) -> tuple[float, float, float]:
    """Shares of the answerable that were answered, answered with every right article, and of the others refused."""
    found = [(one, regulation.asked(one.text)) for one in ASKED]
    answerable = [(one, answer) for one, answer in found if one.articles]
    near_misses = [answer for one, answer in found if not one.articles]
    return (
        sum(not answer.refused for _, answer in answerable) / len(answerable),
        sum(one.articles <= answer.articles for one, answer in answerable) / len(answerable),
        sum(answer.refused for answer in near_misses) / len(near_misses),
    )


def test_the_text_answers_cites_and_refuses(alice: Person) -> None:
    regulation = Regulation.read(alice, "articles.txt", _text())
    assert len(regulation.headings) == 99
    answered, right, refused = _measure(regulation)
    assert answered >= 0.9
    assert right >= 0.85
    assert refused >= 0.8


def test_follow_ups_are_understood(alice: Person) -> None:
    regulation = Regulation.read(alice, "articles.txt", _text())
    understood = 0
    for pair in FOLLOW_UPS:
        first = regulation.asked(pair.first)
        second = regulation.asked(pair.second, first.conversation)
        understood += bool(pair.articles & second.articles)
    assert understood >= 8


@pytest.mark.long
@pytest.mark.parametrize("name", ["gdpr.html", "gdpr.docx", "gdpr.pdf"])
def test_every_format_answers_cites_and_refuses(alice: Person, name: str, tmp_path: Path) -> None:
    content = {"gdpr.html": _page, "gdpr.docx": _word, "gdpr.pdf": lambda: _pdf(tmp_path)}[name]()
    answered, right, refused = _measure(Regulation.read(alice, name, content))
    assert answered >= 0.9
    assert right >= 0.8
    assert refused >= 0.8
