"""Vectors alone, beside LanceDB (flat) and Chroma (HNSW): the same 100,000 vectors, the same 100 questions, one run.

python -m evaluations.vectors [chunks [abstracts]]

All three are opened, then take turns: in each of `ROUNDS` rounds each is asked the first claims one by one. Muniment is
measured as the product searches: the scan of one byte per number, then the best rescored with the vectors opened from
the sealed silo. Windows and their vectors are made as for `evaluations.search`. Takes about 8 minutes, the first time
15: LanceDB and Chroma are installed into an environment of their own and the abstracts embedded.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean
from typing import TYPE_CHECKING, Any

import numpy as np

from evaluations import peers, runs, scifact
from evaluations.answers.embedding import RememberingEmbedder
from evaluations.installation import installation
from evaluations.silos import Vectors, fill

if TYPE_CHECKING:
    from muniment.silo.sealed import Silo

CHUNKS = 100_000
ROUNDS = 5
QUESTIONS = 100
K = 10
PEERS = {"lancedb": "LanceDB, flat", "chroma": "Chroma, HNSW as it comes"}
BESIDE = Path(__file__).parent / "beside" / "vector_search.py"

Round = dict[str, Any]


@dataclass(slots=True)
class Contestant:
    """`ask` asks all questions once: {"clock": ms of each, "work": processor ms of all, "found": rows of each}."""

    name: str
    ask: Callable[[], Round]
    build: float | None = None
    rounds: list[Round] = field(default_factory=list)

    def row(self, exact: list[set[int]], first: "Contestant") -> str:
        p50, p95 = ([float(np.percentile(one["clock"], at)) for one in self.rounds] for at in (50, 95))
        work = [one["work"] / len(exact) for one in self.rounds]
        found = self.rounds[-1]["found"]
        recall = mean(len(set(rows) & true) / K for rows, true in zip(found, exact, strict=True))
        own = [float(np.percentile(one["clock"], 50)) for one in first.rounds]
        ratios = [theirs / ours for theirs, ours in zip(p50, own, strict=True)]
        build = "" if self.build is None else f"{self.build:.0f}"
        spreads = (runs.spread(p50), runs.spread(p95), runs.spread(work), runs.spread(ratios))
        return runs.row(self.name, f"{recall:.3f}", *spreads, build)


def own(silo: "Silo", queries: Vectors, rows: dict[int, int]) -> Contestant:
    from muniment.retrieval import selectors
    from muniment.retrieval.types import Query

    def ask() -> Round:
        clock, found = [], []
        work = time.process_time()
        for query in queries:
            started = time.perf_counter()
            index = selectors.cache.index(silo)
            with silo.reading() as reader:
                hits = selectors._by_vectors(index, reader, Query("", query, index.model or ""), {})[:K]
            clock.append(1000 * (time.perf_counter() - started))
            found.append([rows[hit.chunk] for hit in hits])
        return {"clock": clock, "work": 1000 * (time.process_time() - work), "found": found}

    return Contestant("Muniment, sealed: scanned and rescored", ask)


def peer(kind: str, folder: Path, closing: ExitStack) -> Contestant:
    """A process in the peers' environment, its vectors taken in when this returns."""
    files = [str(folder / name) for name in ("vectors.npy", "queries.npy", kind)]
    command = [str(peers.python()), str(BESIDE), kind, *files, str(K)]
    child = closing.enter_context(subprocess.Popen(command, stdin=-1, stdout=-1, text=True))
    stdin, stdout = child.stdin, child.stdout
    assert stdin is not None and stdout is not None  # noqa: PT018

    def ask() -> Round:
        stdin.write("\n")
        stdin.flush()
        return dict(json.loads(stdout.readline()))

    return Contestant(PEERS[kind], ask, build=json.loads(stdout.readline())["build"])


def exactly(vectors: Vectors, queries: Vectors) -> list[set[int]]:
    """The true K nearest of each query, by float32 products."""
    products = queries @ vectors.T
    return [set(row.tolist()) for row in np.argpartition(-products, K, axis=1)[:, :K]]


def main(chunks: int = CHUNKS, abstracts: int | None = None) -> None:
    with installation() as actor, ExitStack() as closing:
        from muniment.agents.services import create_agent, open_silo
        from muniment.core.permissions import Permission
        from muniment.silo.chunks import chunks_of

        folder = Path(closing.enter_context(tempfile.TemporaryDirectory()))
        embedder = RememberingEmbedder()
        texts = [content.decode() for content in scifact.abstracts().values()][:abstracts]
        agent = create_agent(actor=actor, name="Vectors")
        silo = open_silo(actor=actor, agent=agent, permission=Permission.DOCUMENT_VIEW)
        fill(silo, texts, chunks=chunks, bases=embedder.embed(texts))
        queries = embedder.embed([text for text, _ in scifact.claims().values()][:QUESTIONS])
        with silo.reading() as reader:
            stored = [(chunk.number, chunk.vector) for chunk in chunks_of(reader)]
        vectors = np.stack([vector for _, vector in stored])
        np.save(folder / "vectors.npy", vectors)
        np.save(folder / "queries.npy", queries)
        first = own(silo, queries, {number: at for at, (number, _) in enumerate(stored)})
        contestants = [first, *(peer(kind, folder, closing) for kind in PEERS)]
        for one in contestants:
            one.ask()  # warm
        for _ in range(ROUNDS):
            for one in contestants:
                one.rounds.append(one.ask())
        exact = exactly(vectors, queries)
    heads = ("recall@10", "p50, ms", "p95, ms", "processor ms a question", "p50 by the first p50", "taken in, s")
    print(runs.row(f"{len(vectors):,} vectors of {len(texts):,} abstracts, {ROUNDS} rounds in turn", *heads))
    print(runs.row(*["---"] * 7))
    for one in contestants:
        print(one.row(exact, first))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
