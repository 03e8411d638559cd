"""OpenAI's own Python client, unchanged but for the base URL: agents are its models, answers its chat completions."""

from typing import Any

import openai
import pytest

from tests.api.conftest import Served

pytestmark = pytest.mark.browser  # sockets on loopback
OPEN = "When is the herbarium open to visitors?"


@pytest.fixture
def client(served: Served) -> openai.OpenAI:
    return openai.OpenAI(api_key=served.asking, base_url=f"{served.server.address}/v1", max_retries=0)


def asked(client: openai.OpenAI, model: str, *contents: str, **more: Any) -> Any:
    roles = ("user", "assistant")
    messages = [{"role": roles[number % 2], "content": text} for number, text in enumerate(contents)]
    return client.chat.completions.create(model=model, messages=messages, **more)  # type: ignore[call-overload]


def test_agents_are_models(client: openai.OpenAI, served: Served) -> None:
    (model,) = client.models.list().data
    assert (model.id, model.object) == (served.agent, "model")
    assert model.model_dump()["name"] == "Herbarium"
    assert client.models.retrieve("Herbarium").id == served.agent


def test_an_answer_says_where_it_stands(client: openai.OpenAI, served: Served) -> None:
    answer = asked(client, served.agent, OPEN)
    (choice,) = answer.choices
    assert "Mondays from nine to noon. [" in choice.message.content
    assert choice.finish_reason == "stop"
    annotation = choice.message.annotations[-1].model_dump()
    cited = annotation["url_citation"]
    assert cited["title"].endswith("herbarium.md")
    assert cited["url"].startswith(served.server.address)
    assert "Mondays" in choice.message.content[cited["start_index"] : cited["end_index"]]
    assert annotation["muniment"]["quote"] == "The herbarium is open to visitors on Mondays from nine to noon."
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens
    assert answer.model_dump()["muniment"]["grounded"]


def test_chunks_make_the_same_answer(client: openai.OpenAI, served: Served) -> None:
    whole = asked(client, served.agent, OPEN).choices[0].message
    chunks = list(asked(client, served.agent, OPEN, stream=True, stream_options={"include_usage": True}))
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices) == whole.content
    assert chunks[0].choices[0].delta.role == "assistant"
    assert len({chunk.id for chunk in chunks[1:]}) == 1
    last = chunks[-2]
    assert last.choices[0].finish_reason == "stop"
    cited = last.model_dump()["choices"][0]["delta"]["annotations"][0]["url_citation"]
    assert cited["start_index"] == whole.annotations[0].url_citation.start_index
    assert chunks[-1].usage.completion_tokens > 0


def test_a_follow_up_is_understood_by_what_the_client_tells(client: openai.OpenAI, served: Served) -> None:
    before = asked(client, served.agent, "Are specimens lent?")
    content = before.choices[0].message.content
    told = asked(client, served.agent, "Are specimens lent?", content, "For how long?")
    assert "six months" in told.choices[0].message.content
    assert asked(client, served.agent, "For how long?").model_dump()["muniment"]["refused"]
    stored = before.model_dump()["muniment"]["conversation"]
    kept = asked(client, served.agent, "For how long?", extra_body={"conversation": stored})
    assert "six months" in kept.choices[0].message.content
    assert kept.model_dump()["muniment"]["conversation"] == stored


def test_what_the_documents_do_not_hold_is_refused(client: openai.OpenAI, served: Served) -> None:
    answer = asked(client, served.agent, "Who won the football match yesterday?")
    assert "do not answer" in answer.choices[0].message.content
    assert answer.model_dump()["muniment"]["refused"]
    assert answer.choices[0].message.annotations == []


def test_refusals_are_the_clients_own_errors(client: openai.OpenAI, served: Served) -> None:
    with pytest.raises(openai.NotFoundError, match="GET /v1/models"):
        asked(client, "gpt-4o", OPEN)
    with pytest.raises(openai.BadRequestError, match="one answer"):
        asked(client, served.agent, OPEN, n=2)
    with pytest.raises(openai.BadRequestError, match="empty"):
        asked(client, served.agent, "  ")
    with pytest.raises(openai.BadRequestError, match="messages"):
        asked(client, served.agent)
    with pytest.raises(openai.AuthenticationError, match="no such API key"):
        asked(client.with_options(api_key="sk-proj-nonsense"), served.agent, OPEN)
    picture = [{"type": "image_url", "image_url": {"url": "https://example.org/a.png"}}]
    with pytest.raises(openai.BadRequestError, match="text alone"):
        asked(client, served.agent, picture)  # type: ignore[arg-type]
    with pytest.raises(openai.NotFoundError):
        client.embeddings.create(model=served.agent, input="x")
