"""Asking in the browser: events become a turn, nothing jumps, and what went wrong gives the question back."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import expect

from tests.look.preview import findings
from tests.look.stage import QUESTION, SOURCES, WAIT, Stage, sentence

pytestmark = pytest.mark.browser
Open = Callable[..., Any]


def ask(page: Any, question: str) -> Any:
    page.get_by_label("Your question").fill(question)
    page.get_by_label("Your question").press("Enter")
    return page.locator("[data-turn]").last


def test_an_answer_appears_sentence_by_sentence(stage: Stage, open_page: Open) -> None:
    page = open_page(stage.page("chat/ask--start"))
    turn = ask(page, "How soon?")
    expect(turn.locator("[data-progress]")).to_have_text("Searching the documents")
    stage.say(QUESTION, SOURCES, sentence(1))
    expect(turn.locator("[data-answer]")).to_contain_text("Sentence 1.")
    expect(turn.locator("[data-source]")).to_have_count(3)
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    stage.say(sentence(2), ("done", {"message": "m9", "html": "<p>Sentence 1. Sentence 2.</p>"}))
    stage.hang_up()
    expect(turn.locator("[data-answer]")).to_have_text("Sentence 1. Sentence 2.")
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
    expect(page.locator(".talk [aria-current=page]")).to_have_text("How soon?")
    expect(page.get_by_role("link", name="New", exact=True)).to_be_visible()
    assert page.url.endswith("/conversations/c9")
    assert findings(page) == []


def test_the_form_carries_what_the_server_needs(stage: Stage, open_page: Open) -> None:
    page = open_page(stage.page("chat/ask"))
    ask(page, "And for processors?")
    path, headers, body = stage.received.get(timeout=WAIT)
    stage.hang_up()
    assert path.endswith("/ask")
    assert headers["Accept"] == "text/event-stream"
    for name, value in {
        "question": "And for processors?",
        "conversation": "c1",
        "csrfmiddlewaretoken": "sample",
    }.items():
        assert f'name="{name}"\r\n\r\n{value}\r\n'.encode() in body


def test_streaming_never_moves_what_is_read(stage: Stage, open_page: Open) -> None:
    page = open_page(stage.page("chat/ask"))
    turn = ask(page, "A long one")
    stage.say(QUESTION, SOURCES, sentence(1))
    first = turn.locator("[data-answer] p").filter(has_text=re.compile(r"^Sentence 1\."))
    expect(first).to_be_visible()
    place = first.bounding_box()
    stage.say(*(sentence(number) for number in range(2, 60)))
    expect(turn.locator("[data-answer] p")).to_have_count(59)
    assert first.bounding_box() == place
    stage.hang_up()


def test_stop_keeps_what_had_arrived(stage: Stage, open_page: Open) -> None:
    page = open_page(stage.page("chat/ask"))
    turn = ask(page, "Summarise chapter IV.")
    stage.say(QUESTION, sentence(1))
    expect(turn.locator("[data-answer]")).to_contain_text("Sentence 1.")
    page.get_by_role("button", name="Stop").click()
    expect(turn.locator("[data-note]")).to_have_text("Stopped. What had arrived is kept.")
    expect(turn.locator("[data-answer]")).to_contain_text("Sentence 1.")
    expect(page.get_by_label("Your question")).to_have_value("")
    stage.hang_up()


def test_stop_before_the_answer_gives_the_question_back(stage: Stage, open_page: Open) -> None:
    page = open_page(stage.page("chat/ask"))
    ask(page, "What now?")
    page.get_by_role("button", name="Stop").click()
    early = "Stopped before the answer began. Your question is back in the box."
    expect(page.locator("[data-turn]").last.locator("[data-note]")).to_have_text(early)
    expect(page.get_by_label("Your question")).to_have_value("What now?")
    stage.hang_up()


def test_a_refusal_offers_the_nearest_passages(stage: Stage, open_page: Open) -> None:
    page = open_page(stage.page("chat/ask"))
    turn = ask(page, "What did the fine cost?")
    stage.say(QUESTION, SOURCES, ("refusal", {"html": "<p>The documents do not say.</p>"}))
    stage.hang_up()
    expect(turn.locator("[data-refusal]")).to_contain_text("Not in these documents")
    expect(turn.get_by_role("heading", name="Nearest passages")).to_be_visible()
    expect(turn.locator("[data-trouble]")).to_be_hidden()


@pytest.mark.parametrize(
    ("events", "sentence_shown"),
    [
        (
            [("error", {"sentence": "The silo is being restored. Ask again in a few minutes."})],
            "The silo is being restored",
        ),
        ([QUESTION, sentence(1)], "The connection broke off"),
    ],
)
def test_trouble_gives_the_question_back(stage: Stage, open_page: Open, events: Any, sentence_shown: str) -> None:
    page = open_page(stage.page("chat/ask"))
    turn = ask(page, "List all deadlines.")
    stage.say(*events)
    stage.hang_up()
    expect(turn.locator("[data-trouble]")).to_contain_text(sentence_shown)
    expect(page.get_by_label("Your question")).to_have_value("List all deadlines.")


def test_asking_again_replaces_the_old_turn_and_what_followed(stage: Stage, open_page: Open) -> None:
    page = open_page(stage.page("chat/ask"))
    page.get_by_role("link", name="Edit and ask again").first.click()
    expect(page.get_by_label("Your question")).to_have_value("How soon must a data breach be reported, and to whom?")
    turn = ask(page, "How soon must it be reported?")
    body = stage.received.get(timeout=WAIT)[2]
    assert b'name="replaces"\r\n\r\nm1\r\n' in body
    stage.say(QUESTION, sentence(1), ("done", {"message": "m9", "html": sentence(1)[1]["html"]}))
    stage.hang_up()
    expect(turn.locator("[data-answer]")).to_contain_text("Sentence 1.")
    expect(page.locator("[data-turn]")).to_have_count(1)


def test_without_javascript_the_same_form_posts(stage: Stage, open_page: Open) -> None:
    page = open_page(stage.page("chat/ask"), java_script_enabled=False)
    page.get_by_label("Your question").fill("And for processors?")
    stage.answers.put((200, {}))
    page.get_by_role("button", name="Ask", exact=True).click()
    path, headers, body = stage.received.get(timeout=WAIT)
    assert path.endswith("/ask")
    assert "text/html" in headers["Accept"]
    assert parse_qs(body.decode())["question"] == ["And for processors?"]


def test_a_thumb_is_sent_and_may_be_commented(stage: Stage, open_page: Open) -> None:
    page = open_page(stage.page("chat/ask"))
    turn = page.locator("[data-turn]").first
    stage.answers.put((200, {}))
    turn.get_by_role("button", name="Bad answer").click()
    expect(turn.get_by_role("button", name="Bad answer")).to_have_attribute("aria-pressed", "true")
    assert b'name="verdict"\r\n\r\ndown\r\n' in stage.received.get(timeout=WAIT)[2]
    turn.get_by_role("button", name="Comment").click()
    assert findings(page) == []
    stage.answers.put((200, {}))
    page.get_by_role("textbox", name="Comment").fill("Wrong deadline")
    page.get_by_role("button", name="Keep the comment").click()
    expect(page.get_by_text("Thank you. It is kept with the conversation.")).to_be_visible()
    assert b'name="message"\r\n\r\nm1\r\n' in stage.received.get(timeout=WAIT)[2]
