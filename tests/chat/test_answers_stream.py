"""POST …/ask as server-sent events: what comes, in which order, and that it says the same as the page afterwards."""

import re

from muniment.agents.models import Agent
from muniment.agents.services import create_agent, update_agent
from muniment.chat.answer_stream import growth, told
from muniment.chat.types import Citation, Finished, Question, Said, Sentence, Started
from tests.cast import Person
from tests.chat.conftest import FOOTBALL, PARKING, only, stream


def test_an_answer_comes_as_events_in_order(alice: Person, agent: Agent) -> None:
    events = stream(alice, agent, PARKING)
    names = [name for name, _ in events]
    assert names[:4] == ["status", "question", "status", "passages"]
    assert names[-1] == "done"
    assert "two euros per hour" in only(events, "done")[0]["html"]


def test_what_was_appended_is_what_the_whole_answer_says() -> None:
    said = [("One.", False), ("Two.", False), ("Three.", True), ("Four.", False)]
    sentences = [
        Sentence(text, (Citation("d" * 26, 1, None, at, at + len(text), text),), paragraph)
        for at, (text, paragraph) in enumerate(said)
    ]
    events = list(
        told(
            [
                Started("c" * 26, "m" * 26, Question("q", "q")),
                *(Said(one, ()) for one in sentences),
                Finished("m" * 26),
            ],
            pages="/agents/a",
            no_answer="",
            names=lambda ids: dict.fromkeys(ids, "policy.md"),
        )
    )
    shown = ""
    for data in only(events, "html"):
        if data["into"] == "paragraph":
            shown = shown.removesuffix("</p>") + data["html"] + "</p>"
        else:
            shown = data["html"] if data["into"] == "instead" else shown + data["html"]
    assert [data["into"] for data in only(events, "html")] == ["answer", "paragraph", "answer", "paragraph"]
    assert shown == only(events, "done")[0]["html"]


def test_each_citation_has_its_source_before_its_sentence(alice: Person, agent: Agent) -> None:
    known: set[int] = set()
    for name, data in stream(alice, agent, PARKING):
        if name == "passages":
            known |= {source["number"] for source in data}
        if name == "html":
            assert {int(number) for number in re.findall(r'data-citation="(\d+)"', data["html"])} <= known


def test_the_page_says_afterwards_what_the_stream_said(alice: Person, agent: Agent) -> None:
    events = stream(alice, agent, PARKING)
    (question,) = only(events, "question")
    page = alice.client.get(f"{agent.url}/conversations/{question['conversation']}")
    assert only(events, "done")[0]["html"] in page.content.decode()
    for source in only(events, "passages")[-1]:
        assert source in page.context["turns"][0]["passages"]


def test_a_refusal_offers_the_nearest_passages_in_the_agents_own_words(alice: Person, agent: Agent) -> None:
    update_agent(actor=alice.actor, agent=agent, no_answer="Ask the <desk>.\n\nIt is open.")
    events = stream(alice, agent, FOOTBALL)
    assert only(events, "refusal") == [{"html": "<p>Ask the &lt;desk&gt;.</p>\n\n<p>It is open.</p>"}]
    assert only(events, "passages")[0]
    (question,) = only(events, "question")
    page = alice.client.get(f"{agent.url}/conversations/{question['conversation']}")
    assert page.context["turns"][0]["state"] == "refused"
    assert page.context["turns"][0]["passages"] == only(events, "passages")[0]


def test_while_no_document_is_live_nothing_is_said_of_the_documents(alice: Person, transactional_db: None) -> None:
    empty = create_agent(actor=alice.actor, name="Empty")
    (refusal,) = only(stream(alice, empty, PARKING), "refusal")
    assert "No document of this agent is live yet" in refusal["html"]


def test_a_follow_up_says_what_was_searched_for(alice: Person, agent: Agent) -> None:
    (first,) = only(stream(alice, agent, PARKING), "question")
    assert first["searched_for"] is None
    (then,) = only(stream(alice, agent, "And for staff?", conversation=first["conversation"]), "question")
    assert "parking" in then["searched_for"]


def test_an_empty_question_is_an_error_in_one_sentence(alice: Person, agent: Agent) -> None:
    events = stream(alice, agent, "  ")
    assert only(events, "error") == [{"sentence": "The question is empty. Type a question first."}]
    assert not only(events, "question")


def test_growth_goes_on_with_a_paragraph_only_where_that_is_what_happened() -> None:
    assert growth("", "<p>a</p>") == {"html": "<p>a</p>", "into": "answer"}
    assert growth("<p>a</p>", "<p>a b</p>") == {"html": " b", "into": "paragraph"}
    assert growth("<p>a</p>", "<p>a</p><p>b</p>") == {"html": "<p>b</p>", "into": "answer"}
    assert growth("<p>a</p>", "<p>a b</p><p>c</p>") == {"html": "<p>a b</p><p>c</p>", "into": "instead"}
    assert growth("<ul><li>a</li></ul>", "<ul><li>a</li><li>b</li></ul>")["into"] == "instead"
