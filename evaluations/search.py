"""How fast one silo of 100,000 chunks is searched: the 300 claims of SciFact as written, words and vectors, warm.

python -m evaluations.search

The query's embedding is not counted. The chunks are windows over the abstracts; a window's vector is its abstract's
plus noise (`evaluations.silos`), for embedding them all would take an hour. Takes about 4 minutes, the first time 9.
"""

import time
from collections.abc import Callable

import numpy as np

from evaluations import runs, scifact
from evaluations.installation import installation
from evaluations.silos import fill

CHUNKS = 100_000
PASSAGES = 8


def timed(calls: list[Callable[[], object]]) -> dict[str, float]:
    """Milliseconds, by the clock and of this thread's processor time."""
    clock, work = [], []
    for call in calls:
        started, began = time.perf_counter(), time.thread_time()
        call()
        clock.append(1000 * (time.perf_counter() - started))
        work.append(1000 * (time.thread_time() - began))
    return {
        "p50": float(np.percentile(clock, 50)),
        "p95": float(np.percentile(clock, 95)),
        "p50 processor": float(np.percentile(work, 50)),
        "p95 processor": float(np.percentile(work, 95)),
    }


def measured() -> dict[str, dict[str, float]]:
    with installation() as actor:
        from muniment.agents.services import create_agent, open_silo
        from muniment.core.permissions import Permission
        from muniment.retrieval import selectors
        from muniment.retrieval.types import Query

        embedder = scifact.remember()
        texts = [content.decode() for content in scifact.abstracts().values()]
        agent = create_agent(actor=actor, name="Large")
        silo = open_silo(actor=actor, agent=agent, permission=Permission.DOCUMENT_VIEW)
        fill(silo, texts, chunks=CHUNKS, bases=embedder.embed(texts))
        claims = [text for text, _ in scifact.claims().values()]
        vectors = embedder.embed(claims)

        def searching(at: int) -> Callable[[], object]:
            return lambda: selectors.search(silo, Query(claims[at], vectors[at], "random"), limit=PASSAGES)

        evicted = timed([lambda at=at: (selectors.cache.drop(silo.id), searching(at)()) for at in range(5)])  # type: ignore[misc]
        index = selectors.cache.index(silo)
        timed([searching(at) for at in range(20)])
        return {
            "words and vectors": timed([searching(at) for at in range(len(claims))]),
            "words alone": timed([lambda text=text: selectors._by_words(index, text) for text in claims]),  # type: ignore[misc]
            "vectors alone, one byte per number": timed(
                [lambda vector=vector: index.vectors.search(vector, k=PASSAGES) for vector in vectors]  # type: ignore[misc]
            ),
            "the first question after eviction": evicted,
        }


def main() -> None:
    found = measured()
    print(runs.row("milliseconds", "p50", "p95", "p50 of processor time", "p95 of processor time"))
    print(runs.row("---", "---", "---", "---", "---"))
    for what, times in found.items():
        print(runs.row(what, *(f"{value:.1f}" for value in times.values())))


if __name__ == "__main__":
    main()
