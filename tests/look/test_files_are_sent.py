"""Uploading in the browser: many files, three at a time, each with its own end; a failure can be tried again."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.look.preview import findings
from tests.look.stage import WAIT, Stage

pytestmark = pytest.mark.browser
Open = Callable[..., Any]


def files(*names: str) -> list[dict[str, Any]]:
    return [{"name": name, "mimeType": "text/plain", "buffer": name.encode()} for name in names]


def choose(page: Any, *names: str) -> None:
    page.locator("#dropzone-files").set_input_files(files(*names))


def test_one_file_a_request_with_its_token(stage: Stage, open_page: Open) -> None:
    page = open_page(stage.page("agents/knowledge--empty"))
    stage.answers.put((201, {}))
    choose(page, "Löschkonzept.md")
    path, headers, body = stage.received.get(timeout=WAIT)
    assert path.endswith("/documents")
    assert headers["X-CSRFToken"] == "sample"
    assert 'filename="Löschkonzept.md"'.encode() in body
    expect(page.get_by_text("1 of 1 files received")).to_be_visible()
    expect(page.get_by_role("table")).to_contain_text("Verfahrensverzeichnis 2026.pdf")
    assert findings(page) == []


def test_at_most_three_at_once(stage: Stage, open_page: Open) -> None:
    page = open_page(stage.page("agents/knowledge--empty"))
    choose(page, *(f"{number}.txt" for number in range(8)))
    for _ in range(3):
        stage.received.get(timeout=WAIT)
    for _ in range(8):
        stage.answers.put((201, {}))
    expect(page.get_by_text("8 of 8 files received")).to_be_visible()
    assert stage.most_under_way == 3


def test_a_failure_says_why_and_can_be_tried_again(stage: Stage, open_page: Open) -> None:
    page = open_page(stage.page("agents/knowledge--empty"))
    stage.answers.put((413, {"sentence": "The file is larger than 200 MB. Split it."}))
    choose(page, "gross.txt")
    expect(page.get_by_text("The file is larger than 200 MB. Split it.")).to_be_visible()
    stage.answers.put((201, {}))
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("1 of 1 files received")).to_be_visible()


def test_without_javascript_the_form_sends_the_files(stage: Stage, open_page: Open) -> None:
    page = open_page(stage.page("agents/knowledge--empty"), java_script_enabled=False)
    page.get_by_label("Choose files").set_input_files(files("a.txt", "b.txt"))
    stage.answers.put((200, {}))
    page.get_by_role("button", name="Upload").click()
    body = stage.received.get(timeout=WAIT)[2]
    assert body.count(b'name="file"') == 2
