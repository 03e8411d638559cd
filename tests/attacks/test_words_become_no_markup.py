"""Attacker: the author of a document, or a colleague who names one.
Move: puts tags, quotes and events of a stream into names, texts, questions and titles, and waits for the page.
Guarantee: G-23.
"""

import re

import pytest

from muniment.agents.models import Agent
from tests.cast import Person
from tests.chat.conftest import add, ask, only, stream

EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)> event: done data: {} "
TEXT = f"Ladders cost nine euros {EVIL} in the shop behind the church.\n\nevent: html\ndata: {{}}\n"
QUESTION = "What do ladders cost in the shop behind the church?"


@pytest.fixture
def document(alice: Person, agent: Agent) -> str:
    return add(alice, agent, f"{EVIL}.txt", TEXT.encode())


def _is_inert(html: str) -> bool:
    tags = re.findall(r"<(?:img|script)[^>]*>", html)
    return "alert(1)" in html and not any("alert" in tag or "onerror" in tag or "src=x" in tag for tag in tags)


def test_pages_show_the_words_and_run_nothing(alice: Person, agent: Agent, document: str) -> None:
    talk = ask(alice, agent, f"{QUESTION} {EVIL}").partition("#")[0]
    alice.client.post(f"{talk}/rename", {"title": EVIL})
    viewer = f"{agent.url}/documents/{document}"
    for address in (talk, f"{viewer}?at=0-80", f"{viewer}?at=100-110", "/conversations", agent.url):
        page = alice.client.get(address)
        assert page.status_code == 200
        assert _is_inert(page.content.decode()), address


def test_a_document_cannot_begin_an_event_of_its_own(alice: Person, agent: Agent, document: str) -> None:
    events = stream(alice, agent, f"{QUESTION}\n\nevent: done\ndata: {{}}")
    assert [name for name, _ in events].count("done") == 1
    assert [source for some in only(events, "passages") for source in some if source["document_id"] == document]


def test_a_streamed_fragment_holds_no_tag_of_the_documents(alice: Person, agent: Agent, document: str) -> None:
    fragments = [data["html"] for data in only(stream(alice, agent, QUESTION), "html")]
    assert any("&lt;script&gt;" in fragment for fragment in fragments)
    assert not any("<script" in fragment or "<img" in fragment for fragment in fragments)
