"""The document viewer: a cited place is marked exactly, on the picture of a page or in the text."""

import json
import re
from contextlib import closing
from html import unescape
from typing import Any

import pypdfium2
import pytest

from muniment.agents.models import Agent
from muniment.agents.services import open_silo
from muniment.core.permissions import Permission
from muniment.crypto.types import KeyKind
from muniment.ingest.selectors import open_document
from muniment.silo.services import originals
from tests.cast import Person
from tests.chat.conftest import PARKING, add, ask
from tests.chat.pdf import HEIGHT, WIDTH, pdf

PAGES = [
    ["Rules of the house", "The library opens at nine in the morning on every day."],
    ["Lending takes four weeks for books. It takes two days for films.", "A lost card costs five euros."],
]


def _view(person: Person, agent: Agent, document: str, **asked: Any) -> Any:
    response = person.client.get(f"{agent.url}/documents/{document}", asked)
    assert response.status_code == 200
    return response


def _at(person: Person, agent: Agent, document: str, words: str) -> str:
    start = open_document(person.actor, agent, document).text.text.index(words)
    return f"{start}-{start + len(words)}"


def _marked(response: Any) -> list[str]:
    found = re.findall(r"<mark[^>]*>(.*?)</mark>", response.content.decode())
    return [unescape(words) for words in found]


def test_the_boxes_on_a_page_hold_the_cited_words_and_no_others(alice: Person, agent: Agent) -> None:
    data = pdf(PAGES)
    document = add(alice, agent, "rules.pdf", data)
    words = "It takes two days for films."
    (sheet,) = _view(alice, agent, document, at=_at(alice, agent, document, words)).context["sheets"]
    assert sheet["number"] == 2
    assert (sheet["width"], sheet["height"]) == (2 * WIDTH, 2 * HEIGHT)
    (hit,) = sheet["hits"]
    (box,) = hit["boxes"]
    assert _words_inside(data, 2, box) == words


def _words_inside(data: bytes, number: int, box: dict[str, float]) -> str:
    """What pdfium finds in a box of fractions of that page."""
    with (
        pypdfium2.PdfDocument(data) as document,
        closing(document[number - 1]) as page,
        closing(page.get_textpage()) as text,
    ):
        left, top = box["x"] * WIDTH, (1 - box["y"]) * HEIGHT
        right, bottom = left + box["width"] * WIDTH, top - box["height"] * HEIGHT
        return str(text.get_text_bounded(left=left, right=right, top=top, bottom=bottom)).strip()


def test_the_picture_of_a_page_is_a_png_of_that_size_kept_by_nobody(alice: Person, agent: Agent) -> None:
    document = add(alice, agent, "rules.pdf", pdf(PAGES))
    (sheet,) = _view(alice, agent, document, page=1).context["sheets"]
    picture = alice.client.get(sheet["image"])
    assert picture["Content-Type"] == "image/png"
    assert picture["Cache-Control"] == "no-store"
    assert picture.content[16:24] == (2 * WIDTH).to_bytes(4, "big") + (2 * HEIGHT).to_bytes(4, "big")
    for page in ("0", "3"):
        assert alice.client.get(f"{agent.url}/documents/{document}/pages/{page}").status_code == 404


def test_a_page_too_large_for_the_usual_size_is_drawn_smaller(alice: Person, agent: Agent) -> None:
    document = add(alice, agent, "plan.pdf", pdf(PAGES, width=6000, height=8000))
    picture = alice.client.get(f"{agent.url}/documents/{document}/pages/1")
    assert picture.content[16:24] == (3000).to_bytes(4, "big") + (4000).to_bytes(4, "big")
    (sheet,) = _view(alice, agent, document, page=1).context["sheets"]
    assert sheet["finer"] == []


def test_a_page_is_drawn_sharper_for_who_enlarges_it(alice: Person, agent: Agent) -> None:
    document = add(alice, agent, "rules.pdf", pdf(PAGES))
    (sheet,) = _view(alice, agent, document, page=1).context["sheets"]
    assert [one["width"] for one in sheet["finer"]] == [3 * WIDTH, 4 * WIDTH, 5.5 * WIDTH]
    for one in sheet["finer"]:
        assert alice.client.get(one["image"]).content[16:20] == one["width"].to_bytes(4, "big")


@pytest.mark.parametrize("scale", ["99", "2.1", "nan", "", "x"])
def test_no_other_size_is_drawn_than_those_offered(alice: Person, agent: Agent, scale: str) -> None:
    document = add(alice, agent, "rules.pdf", pdf(PAGES))
    picture = alice.client.get(f"{agent.url}/documents/{document}/pages/1", {"scale": scale})
    assert picture.content[16:20] == (2 * WIDTH).to_bytes(4, "big")


def test_text_is_marked_at_exactly_the_cited_words(alice: Person, agent: Agent) -> None:
    text = "# A & B\n\nFish <b>and</b> chips.\n\n- one\n- two & three\n\n| a | b |\n|---|---|\n| c | d & e |\n"
    document = add(alice, agent, "menu.md", text.encode())
    read = open_document(alice.actor, agent, document).text.text
    for words in ("A & B", "and", "two & three", "d & e", read):
        response = _view(alice, agent, document, at=_at(alice, agent, document, words))
        shown = "".join(_marked(response))
        assert shown == (words if words != read else re.sub(r"\n+| \| ", "", read))


def test_the_places_of_an_answer_follow_one_another(alice: Person, agent: Agent) -> None:
    page = alice.client.get(ask(alice, agent, PARKING))
    (turn,) = page.context["turns"]
    response = alice.client.get(turn["passages"][0]["url"])
    assert response.context["hits"]["number"] == 1
    assert response.context["hits"]["count"] == len(turn["passages"])
    assert _marked(response)[0] == turn["passages"][0]["quote"]
    assert response.context["back"]["url"].endswith(f"#turn-{turn['id']}")


def test_a_link_passed_on_opens_the_place_for_a_colleague(alice: Person, bob: Person, agent: Agent) -> None:
    (turn,) = alice.client.get(ask(alice, agent, PARKING)).context["turns"]
    response = bob.client.get(turn["passages"][0]["url"])
    assert _marked(response) == [turn["passages"][0]["quote"]]
    assert response.context["back"]["url"] == f"{agent.url}/knowledge"


def test_pages_are_leafed_through_and_keep_the_place(alice: Person, agent: Agent) -> None:
    document = add(alice, agent, "rules.pdf", pdf(PAGES))
    at = _at(alice, agent, document, "nine in the morning")
    first = _view(alice, agent, document, at=at).context["page"]
    assert (first["number"], first["count"], first["previous"]) == (1, 2, None)
    second = alice.client.get(first["next"])
    assert second.context["sheets"][0]["hits"] == []
    assert f"at={at}" in second.context["page"]["previous"]


def test_without_the_original_its_text_is_shown_and_said(alice: Person, agent: Agent) -> None:
    document = add(alice, agent, "rules.pdf", pdf(PAGES))
    assert "The original is not kept" not in _view(alice, agent, document).content.decode()
    silo = open_silo(actor=alice.actor, agent=agent, permission=Permission.DOCUMENT_VIEW)
    silo.keyring.destroy([silo.key(KeyKind.ORIGINAL, document)])
    originals(silo).remove(document)
    response = _view(alice, agent, document, at=_at(alice, agent, document, "five euros"))
    assert "The original is not kept" in response.content.decode()
    assert _marked(response) == ["five euros"]
    assert "Rules of the house" not in response.content.decode()


def test_a_long_text_is_shown_in_parts(alice: Person, agent: Agent) -> None:
    text = "".join(f"Paragraph {number} says something of its own.\n\n" for number in range(4000))
    document = add(alice, agent, "long.txt", text.encode())
    response = _view(alice, agent, document, at=_at(alice, agent, document, "Paragraph 3210 "))
    assert _marked(response) == ["Paragraph 3210 "]
    assert len(response.content) < 150_000
    page = response.context["page"]
    assert 1 < page["number"] <= page["count"]
    assert f"Part {page['number']} of {page['count']}" in response.content.decode()


@pytest.mark.parametrize("at", ["", "x", "9-3", "0-99999999", "-1-4", "5", "1e3-2e3"])
def test_a_place_that_makes_no_sense_is_no_place(alice: Person, agent: Agent, at: str) -> None:
    document = add(alice, agent, "a.txt", b"One sentence stands here.")
    response = _view(alice, agent, document, at=at, page="-1", zoom="9", answer="\x00")
    assert _marked(response) == []
    assert response.context["zoom"] == "fit"


def test_each_opening_and_each_page_drawn_is_an_event(alice: Person, agent: Agent) -> None:
    document = add(alice, agent, "rules.pdf", pdf(PAGES))
    silo = open_silo(actor=alice.actor, agent=agent, permission=Permission.AGENT_VIEW)
    (sheet,) = _view(alice, agent, document, page=2).context["sheets"]
    alice.client.get(sheet["image"])
    with silo.engine.reading() as reader:
        events = [json.loads(body)["event"] for _, body in reader.pending_events()]
    seen = [event for event in events if event["kind"] in {"agent:document:read", "agent:document:drawn"}]
    assert [(event["kind"], event["subject"], event["facts"]) for event in seen] == [
        ("agent:document:read", document, {}),
        ("agent:document:drawn", document, {"page": 2}),
    ]


def test_headings_go_down_one_step_at_a_time(alice: Person, agent: Agent) -> None:
    document = add(alice, agent, "deep.md", b"### Deep\n\nText stands here.\n\n# Top\n\n###### Deepest\n\nMore text.\n")
    html = _view(alice, agent, document).context["html"]
    assert re.findall(r"<(h\d)>(\w+)", html) == [("h2", "Deep"), ("h2", "Top"), ("h3", "Deepest")]


@pytest.mark.parametrize("page", ["0000000019", "000000001" + "9" * 5000, "-1", "0", "\u0661", "1" * 9, "\0"])
def test_a_page_that_makes_no_sense_is_the_first(alice: Person, agent: Agent, page: str) -> None:
    document = add(alice, agent, "rules.pdf", pdf(PAGES))
    (sheet,) = _view(alice, agent, document, page=page).context["sheets"]
    assert sheet["number"] == 1
    (second,) = _view(alice, agent, document, page="2").context["sheets"]
    assert second["number"] == 2
