"""CustomGPT.ai's own Python client, unchanged but for the base URL, makes each of its calls against us."""

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from customgpt_client import CustomGPT
from customgpt_client.types import File

from muniment.api.v1.routes import api as v1
from tests.api.conftest import Served

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::DeprecationWarning")]  # sockets on loopback
THEIRS = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "customgpt-openapi.json"
TEXT = b"The herbarium is open to visitors on Mondays from nine to noon. Specimens are lent for six months."


@pytest.fixture(scope="module")
def client(served: Served) -> Iterator[Any]:
    CustomGPT.api_key, CustomGPT.base_url = served.key, served.server.address
    yield CustomGPT
    del CustomGPT.api_key, CustomGPT.base_url


@pytest.fixture(scope="module")
def project(client: Any, served: Served) -> int:
    """Made by the client, with a file that is live."""
    made = client.Project.create(project_name="Museum", file_data_retension=True, file=upload("opening.txt", TEXT))
    assert made.status_code == 201
    settle(served)
    return int(made.parsed.data.id)


def upload(name: str, content: bytes) -> File:
    return File(payload=io.BytesIO(content), file_name=name, mime_type="text/plain")


def settle(served: Served) -> None:
    """What was uploaded is read by the server's worker; what is waited for is uploaded once more, and is there."""
    found = served.server.run("agent", "list", "--json")
    for agent in found:
        while any(one["state"] == "queued" for one in served.server.run("document", "list", agent["id"], "--json")):
            pass


def test_projects(client: Any, project: int, served: Served) -> None:
    listed = client.Project.list().parsed.data
    assert {one.project_name for one in listed.data} >= {"Herbarium", "Museum"}
    assert listed.total == len(listed.data)
    shown = client.Project.get(project_id=project).parsed.data
    assert (shown.id, shown.project_name, shown.is_chat_active, shown.is_shared) == (project, "Museum", True, False)
    assert client.Project.update(project_id=project, project_name="Museum of plants").parsed.data.id == project
    assert client.Project.get(project_id=project).parsed.data.project_name == "Museum of plants"
    held = client.Project.stats(project_id=project).parsed.data
    assert (held.pages_found, held.pages_indexed, held.total_words_indexed) == (1, 1, 18)
    copied = client.Project.replicate(project_id=project)
    assert copied.status_code == 201
    settle(served)
    assert client.Project.stats(project_id=copied.parsed.data.id).parsed.data.pages_indexed == 1
    assert client.Project.delete(project_id=copied.parsed.data.id).parsed.data.deleted
    assert client.Project.get(project_id=copied.parsed.data.id).status_code == 404


def test_settings(client: Any, project: int) -> None:
    assert client.ProjectSettings.update(project_id=project, persona_instructions="Be brief.").parsed.data.updated
    found = client.ProjectSettings.get(project_id=project).parsed.data
    assert (found.persona_instructions, found.response_source) == ("Be brief.", "own_content")


def test_pages_and_citations(client: Any, project: int, served: Served) -> None:
    (page,) = client.Page.get(project_id=project).parsed.data.pages.data
    assert (page.filename, page.index_status, page.filesize) == ("opening.txt", "ok", len(TEXT))
    assert client.PageMetadata.get(project_id=project, page_id=page.id).parsed.data.title == "opening.txt"
    assert client.PageMetadata.update(project_id=project, page_id=page.id, title="Other").status_code == 400
    assert client.Page.reindex(project_id=project, page_id=page.id).status_code == 200
    assert client.Page.preview(id=page.id).content == TEXT
    assert client.Citation.get(project_id=project, citation_id=page.id).parsed.data.title == "opening.txt"
    source = client.Source.create(project_id=project, file=upload("more.txt", b"Ferns like shade."))
    assert source.status_code == 201
    (added,) = source.parsed.data.pages
    settle(served)
    assert client.Page.delete(project_id=project, page_id=added.id).parsed.data.deleted
    assert len(client.Page.get(project_id=project).parsed.data.pages.data) == 1


def test_sources(client: Any, project: int) -> None:
    uploads = client.Source.list(project_id=project).parsed.data.uploads
    assert uploads.type == "upload"
    refused = client.Source.create(project_id=project, sitemap_path="https://example.org/sitemap.xml")
    assert refused.status_code == 400
    assert "Websites" in refused.parsed.data.message
    for act in (client.Source.update, client.Source.synchronize):
        assert act(project_id=project, source_id=uploads.id).status_code == 400
    made = client.Project.create(project_name="Short", file=upload("a.txt", b"Short.")).parsed.data.id
    source = client.Source.list(project_id=made).parsed.data.uploads.id
    assert client.Source.delete(project_id=made, source_id=source).parsed.data.deleted
    assert client.Page.get(project_id=made).parsed.data.pages.total == 0
    client.Project.delete(project_id=made)


def test_conversations(client: Any, project: int) -> None:
    made = client.Conversation.create(project_id=project, name="Visit")
    assert made.status_code == 201
    session = made.parsed.data.session_id
    sent = client.Conversation.send(project_id=project, session_id=session, prompt="When is the herbarium open?")
    answer = sent.parsed.data
    assert "Mondays" in answer.openai_response
    assert answer.user_query == "When is the herbarium open?"
    assert client.Citation.get(project_id=project, citation_id=answer.citations[0]).parsed.data.title == "opening.txt"
    renamed = client.Conversation.update(project_id=project, session_id=session, name="Monday").parsed.data
    assert renamed.name == "Monday"
    assert session in {one.session_id for one in client.Conversation.get(project_id=project).parsed.data.data}
    told = client.Conversation.messages(project_id=project, session_id=session).parsed.data
    assert [one.id for one in told.messages.data] == [answer.id]
    assert client.Conversation.delete(project_id=project, session_id=session).parsed.data.deleted
    assert client.Conversation.messages(project_id=project, session_id=session).status_code == 404


def test_an_answer_in_events(client: Any, project: int) -> None:
    session = client.Conversation.create(project_id=project, name="Events").parsed.data.session_id
    stream = client.Conversation.send(
        project_id=project, session_id=session, prompt="When is the herbarium open?", stream=True
    )
    events = [json.loads(event.data) for event in stream.events()]
    assert [events[0]["status"], events[-1]["status"]] == ["start", "finish"]
    text = "".join(event["message"] for event in events if event["status"] == "progress")
    assert text == events[-1]["openai_response"]
    assert "Mondays" in text


def test_what_is_not_there_says_so(client: Any, project: int) -> None:
    assert client.ProjectPlugins.get(project_id=project).status_code == 404
    plugin = {"model_name": "A", "human_name": "A", "keywords": "A", "description": "A", "is_active": True}
    for act in (client.ProjectPlugins.create, client.ProjectPlugins.update):
        assert "plugins" in act(project_id=project, **plugin).parsed.data.message
    asked = {"traffic": "sources", "queries": "total", "conversations": "total", "analysis": "queries"}
    for name, filters in asked.items():
        report = getattr(client.ReportsAnalytics, name)(project_id=project, filters=[filters])
        assert report.status_code == 501
        assert b"not built yet" in report.content


def test_the_account_and_its_limits(client: Any, project: int) -> None:
    person = client.User.get().parsed.data
    assert (person.id, person.email) == (0, "")  # a key of the team's
    assert client.User.update(name="Somebody").status_code == 403
    used = client.Limit.get().parsed.data
    assert used.current_projects_num >= 2
    assert used.current_total_storage_credits >= 18


def test_refusals(client: Any, project: int, served: Served) -> None:
    assert client.Project.get(project_id=1).parsed.data.message == "Agent with id 1 not found"
    assert client.Project.create(project_name="").status_code == 400
    CustomGPT.api_key = "nonsense"
    refused = client.Project.list()
    CustomGPT.api_key = served.key
    assert (refused.status_code, refused.parsed.data.code) == (401, 401)


def test_no_path_of_theirs_is_missing() -> None:
    if not THEIRS.exists():
        pytest.skip(f"The description of CustomGPT.ai's API is absent: {THEIRS}")
    methods = {"get", "post", "put", "delete", "patch"}
    theirs = {
        (method, re.sub(r"{\w+}", "{}", path))
        for path, described in json.loads(THEIRS.read_text())["paths"].items()
        for method in methods & set(described)
    }
    ours = {
        (method, re.sub(r"{[\w:]+}", "{}", path))
        for path, described in v1.get_openapi_schema(path_prefix="/api/v1")["paths"].items()
        for method in described
    }
    assert len(theirs) > 40
    assert ours == theirs
