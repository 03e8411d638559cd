"""Passages for a question: words and vectors searched, fused, rescored, neighbours joined (DESIGN sections 4 and 6)."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from django.conf import settings

from muniment.agents.selectors import sender
from muniment.agents.services import open_silo
from muniment.core.actors import SYSTEM, Actor
from muniment.core.permissions import Permission
from muniment.llm.services import embedder, embedder_named
from muniment.llm.types import Embedder
from muniment.retrieval.analysis import analyse, query_terms
from muniment.retrieval.fusion import best_of, fuse
from muniment.retrieval.index import Index, IndexCache
from muniment.retrieval.languages import uses_vectors
from muniment.retrieval.models import KnownModel
from muniment.retrieval.reranking import DEPTH as DEEP
from muniment.retrieval.reranking import reranked
from muniment.retrieval.types import EVERYTHING, Hit, Passage, Query, Restriction
from muniment.silo.chunks import StoredChunk, read_chunks
from muniment.silo.sealed import Silo, SiloReader
from muniment.silo.types import Table

if TYPE_CHECKING:
    from muniment.agents.models import Agent

DEPTH = 100  # how far down each ranking counts
RESCORED = 20  # the best by int8, ranked again by the full-precision vectors: restores recall@10 1.000
LOOKED_UP = 2

cache = IndexCache(lambda: settings.MUNIMENT_SEARCH_MEMORY * 2**20)


def passages(
    actor: Actor,
    agent: "Agent",
    question: Query,
    *,
    limit: int,
    parts: Sequence[Query] = (),
    words: Sequence[str] = (),
    denied: Collection[str] = (),
) -> list[Passage]:
    """The best passages, best first: by words alone where the agent is searched by another model than the question's.

    `parts`: the several things the question asks, searched with it. `words`: looked up by words alone; the first
    LOOKED_UP chunks of each are among the best. `denied`: documents of which nothing is found, as if they were not
    there. Deterministic: the same silo and question give the same passages.
    """
    silo = open_silo(actor=actor, agent=agent, permission=Permission.CONVERSATION_CREATE)
    return search(silo, question, limit=limit, parts=parts, words=words, denied=denied, actor=actor)


def held(actor: Actor, agent: "Agent", words: Collection[str]) -> dict[str, int]:
    """In how many chunks of the agent each of these words can be found; a stop word in all of its language."""
    index = cache.index(open_silo(actor=actor, agent=agent, permission=Permission.CONVERSATION_CREATE))
    found = dict.fromkeys(words, 0)
    for language, bm25 in index.words.items():
        terms = {word: analyse(word, language=language) for word in words}
        counts = bm25.frequencies({term for some in terms.values() for term in some})
        for word, some in terms.items():
            found[word] += min((counts[term] for term in some), default=bm25.statistics.chunks)
    return found


def embedder_of(actor: Actor, agent: "Agent") -> Embedder:
    """By which the agent is searched now, for a person who waits; where that is gone, the configured one.

    Raises ModelFileError.
    """
    silo = open_silo(actor=actor, agent=agent, permission=Permission.CONVERSATION_CREATE)
    model, whose = cache.index(silo).model, sender(actor, silo)
    if model is None:
        return embedder(sender=whose, hurried=True)
    known = KnownModel.objects.filter(name=model).first()
    folder = Path(known.folder) if known else None
    found = embedder_named(model, folder=folder, sender=whose, hurried=True)
    return found or embedder(sender=whose, hurried=True)


def term_weights(actor: Actor, agent: "Agent", question: str) -> dict[str, dict[str, float]]:
    """For each language of the silo the question's terms and how rare each is there (idf)."""
    index = cache.index(open_silo(actor=actor, agent=agent, permission=Permission.CONVERSATION_CREATE))
    terms = query_terms(question, languages=index.words)
    return {language: bm25.weights(terms[language].keys()) for language, bm25 in index.words.items()}


def search(
    silo: Silo,
    question: Query,
    *,
    limit: int,
    parts: Sequence[Query] = (),
    words: Sequence[str] = (),
    denied: Collection[str] = (),
    actor: Actor = SYSTEM,
) -> list[Passage]:
    index = cache.index(silo)
    known: dict[int, StoredChunk] = {}
    found: list[list[Hit]] = []
    similarities: dict[int, float] = {}
    with silo.reading() as reader:
        allowed = _without(reader, denied)
        for query in (question, *parts):
            worded, language = _by_words(index, query.text, allowed)
            near = []
            if not worded or uses_vectors(language, query.model):
                near = _by_vectors(index, reader, query, known, allowed)
            found.append(fuse(worded, near, depth=DEPTH))
            similarities.update((hit.chunk, max(hit.score, similarities.get(hit.chunk, -1.0))) for hit in near)
        found += [[Hit(hit.chunk, 1.0) for hit in _by_words(index, text, allowed)[0][:LOOKED_UP]] for text in words]
        hits: Sequence[Hit] = best_of(found)
        if not settings.MUNIMENT_RERANKER:
            return _joined(_best(reader, hits, known, limit), similarities)
        known.update(_missing(reader, hits[:DEEP], known))
    # Outside of the transaction: a reranker elsewhere may take its time.
    first = {hit.chunk: known[hit.chunk] for hit in hits[:DEEP] if hit.chunk in known}
    hits = reranked(question.text, hits, first, sender=sender(actor, silo))
    with silo.reading() as reader:
        # Read again: of a document that was erased meanwhile nothing may be found any more.
        return _joined(_best(reader, hits, {}, limit), similarities)


def _without(reader: SiloReader, documents: Collection[str]) -> Restriction:
    """Denied to the search itself, not taken out of what it found: else they would leave the answer nothing."""
    rows = [row for document in documents for row in reader.ids(Table.CHUNK, group=document)]
    if not rows:
        return EVERYTHING
    return Restriction(denied=np.array(sorted(int.from_bytes(row, "big") for row in rows), dtype=np.uint32))


def _missing(reader: SiloReader, hits: Sequence[Hit], known: Mapping[int, StoredChunk]) -> dict[int, StoredChunk]:
    chunks = read_chunks(reader, [hit.chunk for hit in hits if hit.chunk not in known])
    return {chunk.number: chunk for chunk in chunks}


def _best(
    reader: SiloReader, hits: Sequence[Hit], known: dict[int, StoredChunk], limit: int
) -> list[tuple[StoredChunk, float]]:
    """The first hits whose chunks can still be opened."""
    for start in range(0, len(hits), limit):
        part = hits[start : start + limit]
        known.update(_missing(reader, part, known))
        found = [(known[hit.chunk], hit.score) for hit in hits[: start + limit] if hit.chunk in known]
        if len(found) >= limit:
            return found[:limit]
    return [(known[hit.chunk], hit.score) for hit in hits if hit.chunk in known]


def _by_words(index: Index, question: str, allowed: Restriction = EVERYTHING) -> tuple[list[Hit], str | None]:
    """One ranking over the languages of the silo, each asked in its own terms; and the language of the best hit.

    That is taken for the question's own: vectors of English chunks must not answer a German question.
    """
    terms = query_terms(question, languages=index.words)
    hits = [
        (hit, language)
        for language, bm25 in index.words.items()
        for hit in bm25.search(terms[language], k=DEPTH, restriction=allowed)
    ]
    ranked = sorted(hits, key=lambda one: (-one[0].score, one[0].chunk))[:DEPTH]
    return [hit for hit, _ in ranked], (ranked[0][1] or None) if ranked else None


def _by_vectors(
    index: Index,
    reader: SiloReader,
    query: Query,
    known: dict[int, StoredChunk],
    allowed: Restriction = EVERYTHING,
) -> list[Hit]:
    """By cosine; the scores of the first are of full precision. Fills `known` with the chunks it had to read.

    A chunk that was embedded anew already, for a model that is not searched yet, keeps the score of its segment.
    """
    if index.model != query.model:
        return []
    rough = index.vectors.search(query.vector, k=DEPTH, restriction=allowed)
    chunks = {chunk.number: chunk for chunk in read_chunks(reader, [hit.chunk for hit in rough[:RESCORED]])}
    known.update(chunks)
    best = [
        Hit(hit.chunk, float(chunk.vector @ query.vector) if chunk.model == query.model else hit.score)
        for hit in rough[:RESCORED]
        if (chunk := chunks.get(hit.chunk))
    ]
    return sorted(best, key=lambda hit: (-hit.score, hit.chunk)) + rough[RESCORED:]


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
