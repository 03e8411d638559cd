"""Passages for a question: words and vectors searched, fused, rescored, neighbours joined (DESIGN sections 4 and 6)."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from django.conf import settings

from muniment.agents.services import open_silo
from muniment.core.actors import Actor
from muniment.core.permissions import Permission
from muniment.retrieval.analysis import query_terms
from muniment.retrieval.fusion import fuse
from muniment.retrieval.index import Index, IndexCache
from muniment.retrieval.types import Hit, Passage
from muniment.silo.chunks import StoredChunk, read_chunks
from muniment.silo.sealed import Silo, SiloReader

if TYPE_CHECKING:
    from muniment.agents.models import Agent

DEPTH = 100  # how far down each ranking counts
RESCORED = 50  # the best by int8, ranked again by the full-precision vectors: restores recall@10 1.000
Vector = npt.NDArray[np.float32]

cache = IndexCache(lambda: settings.MUNIMENT_SEARCH_MEMORY * 2**20)


def passages(actor: Actor, agent: "Agent", question: str, *, vector: Vector, limit: int) -> list[Passage]:
    """The best passages, best first. `vector` is the question's, float32[dimension], length 1.

    Deterministic: the same silo and question give the same passages.
    """
    silo = open_silo(actor=actor, agent=agent, permission=Permission.CONVERSATION_CREATE)
    return search(silo, question, vector=vector, limit=limit)


def search(silo: Silo, question: str, *, vector: Vector, limit: int) -> list[Passage]:
    index = cache.index(silo)
    words = _by_words(index, question)
    with silo.reading() as reader:
        known: dict[int, StoredChunk] = {}
        near = _by_vectors(index, reader, vector, known)
        hits = fuse([words, near]) if near else words
        missing = [hit.chunk for hit in hits[: 2 * limit] if hit.chunk not in known]
        known.update((chunk.number, chunk) for chunk in read_chunks(reader, missing))
    similarities = {hit.chunk: hit.score for hit in near}
    best = [(known[hit.chunk], hit.score) for hit in hits if hit.chunk in known][:limit]
    return _joined(best, similarities)


def _by_words(index: Index, question: str) -> list[Hit]:
    """One ranking over the languages of the silo: each question is asked in each of them."""
    terms = query_terms(question, languages=index.words)
    hits = [hit for language, bm25 in index.words.items() for hit in bm25.search(terms[language], k=DEPTH)]
    return sorted(hits, key=lambda hit: (-hit.score, hit.chunk))[:DEPTH]


def _by_vectors(index: Index, reader: SiloReader, vector: Vector, known: dict[int, StoredChunk]) -> list[Hit]:
    """By cosine; the scores of the first are of full precision. Fills `known` with the chunks it had to read."""
    rough = index.vectors.search(vector, k=DEPTH)
    chunks = read_chunks(reader, [hit.chunk for hit in rough[:RESCORED]])
    known.update((chunk.number, chunk) for chunk in chunks)
    exact = [Hit(chunk.number, float(chunk.vector @ vector)) for chunk in chunks if len(chunk.vector) == len(vector)]
    return sorted(exact, key=lambda hit: (-hit.score, hit.chunk)) + rough[RESCORED:]


def _joined(best: list[tuple[StoredChunk, float]], similarities: dict[int, float]) -> list[Passage]:
    """Chunks that follow each other in a document become one passage, at the place of the better one."""
    scores = {chunk.number: score for chunk, score in best}
    chunks = {chunk.number: chunk for chunk, _ in best}
    joined: list[Passage] = []
    taken: set[int] = set()
    for chunk, score in best:
        if chunk.number in taken:
            continue
        run = _run(chunk, chunks)
        taken.update(part.number for part in run)
        found = [similarities[part.number] for part in run if part.number in similarities]
        joined.append(Passage(tuple(run), max(score, *(scores[part.number] for part in run)), max(found, default=None)))
    return joined


def _run(chunk: StoredChunk, chunks: dict[int, StoredChunk]) -> list[StoredChunk]:
    """The chunk with its found neighbours before and behind it, in reading order."""
    run = [chunk]
    while (before := chunks.get(run[0].number - 1)) and before.document == chunk.document:
        run.insert(0, before)
    while (behind := chunks.get(run[-1].number + 1)) and behind.document == chunk.document:
        run.append(behind)
    return run
