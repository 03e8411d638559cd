"""Uploading in the browser: many files, three at a time, each with its own end; a failure can be tried again."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

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
    assert headers["Content-Type"] == "application/octet-stream"
    assert unquote(headers["X-Document-Name"]) == "Löschkonzept.md"
    assert body == "Löschkonzept.md".encode()
    expect(page.get_by_text("1 of 1 files received")).to_be_visible()
    expect(page.get_by_role("table")).to_contain_text("Verfahrensverzeichnis 2026.pdf")
    assert findings(page) == []


def test_at_most_three_at_once(stage: Stage, open_page: Open) -> None:
    page = open_page(stage.page("agents/knowledge--empty"))
    choose(page, *(f"{number}.txt" for number in range(8)))
    states = page.locator("[data-uploads-list] [data-state]")
    expect(states).to_have_text(["Sending"] * 3 + ["Waiting"] * 5)
    stage.answers.put((201, {}))
    expect(states.filter(has_text="Received")).to_have_count(1)
    expect(states.filter(has_text="Sending")).to_have_count(3)
    for _ in range(7):
        stage.answers.put((201, {}))
    expect(page.get_by_text("8 of 8 files received")).to_be_visible()


def test_a_failure_says_why_and_can_be_tried_again(stage: Stage, open_page: Open) -> None:
    page = open_page(stage.page("agents/knowledge--empty"))
    stage.answers.put((413, {"sentence": "The file is larger than 200 MB. Split it."}))
    choose(page, "gross.txt")
    expect(page.get_by_text("The file is larger than 200 MB. Split it.")).to_be_visible()
    stage.answers.put((201, {}))
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("1 of 1 files received")).to_be_visible()


def test_a_file_over_the_limit_is_not_even_sent(stage: Stage, open_page: Open) -> None:
    page = open_page(stage.page("agents/knowledge--empty"))
    page.locator("[data-upload-words]").evaluate("words => { words.dataset.limit = 7 }")
    stage.answers.put((201, {}))
    choose(page, "gross.txt", "a.txt")
    expect(page.get_by_text("This file is larger than 200 MB.")).to_be_visible()
    expect(page.get_by_text("1 of 2 files received, 1 failed")).to_be_visible()
    assert stage.received.get(timeout=WAIT)[2] == b"a.txt"
    assert stage.received.empty()


def test_a_file_that_was_here_already_is_told_apart(stage: Stage, open_page: Open) -> None:
    page = open_page(stage.page("agents/knowledge--empty"))
    stage.answers.put((200, {"duplicate": True}))
    choose(page, "a.txt")
    expect(page.locator("[data-uploads-list] [data-state]")).to_have_text("Here already")


def test_without_javascript_the_form_sends_the_files(stage: Stage, open_page: Open) -> None:
    page = open_page(stage.page("agents/knowledge--empty"), java_script_enabled=False)
    page.get_by_label("Choose files").set_input_files(files("a.txt", "b.txt"))
    stage.answers.put((200, {}))
    page.get_by_role("button", name="Upload").click()
    body = stage.received.get(timeout=WAIT)[2]
    assert body.count(b'name="file"') == 2


def test_a_chosen_folder_is_walked_to_the_bottom(stage: Stage, open_page: Open, tmp_path: Path) -> None:
    folder = tmp_path / "Richtlinien"
    (folder / "Meldewege").mkdir(parents=True)
    (folder / "a.txt").write_text("a")
    (folder / "Meldewege" / "b.txt").write_text("b")
    (folder / ".DS_Store").write_text("hidden files are left out")
    page = open_page(stage.page("agents/knowledge--empty"))
    for _ in range(2):
        stage.answers.put((201, {}))
    page.locator("#dropzone-files").evaluate("input => { input.webkitdirectory = true }")
    page.locator("#dropzone-files").set_input_files(folder)
    expect(page.get_by_text("2 of 2 files received")).to_be_visible()
    names = {unquote(stage.received.get(timeout=WAIT)[1]["X-Document-Name"]) for _ in range(2)}
    assert names == {"Richtlinien/a.txt", "Richtlinien/Meldewege/b.txt"}


DROP = """zone => {
    const file = (name, path) => ({
        isFile: true, fullPath: path, file: (done) => done(new File([name], name)),
    });
    const folder = (path, batches) => ({
        isFile: false, fullPath: path,
        createReader: () => ({ readEntries: (done) => done(batches.shift() ?? []) }),
    });
    const inner = folder("/R/inner", [[file("c.txt", "/R/inner/c.txt")]]);
    const root = folder("/R", [[file("a.txt", "/R/a.txt")], [file("b.txt", "/R/b.txt"), inner]]);
    const event = new Event("drop", { bubbles: true, cancelable: true });
    event.dataTransfer = { items: [{ webkitGetAsEntry: () => root }] };
    zone.dispatchEvent(event);
}"""


def test_a_dropped_folder_is_walked_to_the_bottom(stage: Stage, open_page: Open) -> None:
    """readEntries gives a folder in batches: all of them are asked for."""
    page = open_page(stage.page("agents/knowledge--empty"))
    for _ in range(3):
        stage.answers.put((201, {}))
    page.locator("[data-dropzone]").evaluate(DROP)
    expect(page.get_by_text("3 of 3 files received")).to_be_visible()
    expect(page.locator("[data-uploads-list] [data-name]")).to_have_text(["R/a.txt", "R/b.txt", "R/inner/c.txt"])
