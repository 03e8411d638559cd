"""How well the 300 claims of SciFact find their abstracts by words, by vectors, and by both, as the product searches.

python -m evaluations.retrieval [--masked]

Takes about 4 minutes, the first time 15: the abstracts are embedded once per machine.
"""

import sys
from collections.abc import Callable, Sequence
from math import log2
from statistics import mean
from typing import TYPE_CHECKING

from evaluations import runs, scifact
from evaluations.installation import installation

if TYPE_CHECKING:
    from muniment.llm.types import Embedder
    from muniment.silo.sealed import Silo

DEPTH = 10
Found = dict[int, list[str]]  # claim to the documents found, best first, each once


def ndcg(found: Sequence[str], relevant: frozenset[str]) -> float:
    """Binary nDCG@10 (Jaervelin and Kekaelaeinen 2002)."""
    gain = sum(1 / log2(rank + 1) for rank, one in enumerate(found[:DEPTH], 1) if one in relevant)
    return gain / sum(1 / log2(rank + 1) for rank in range(1, min(DEPTH, len(relevant)) + 1))


def recall(found: Sequence[str], relevant: frozenset[str]) -> float:
    return len(relevant.intersection(found[:DEPTH])) / len(relevant)


def rankings(
    silo: "Silo", names: dict[str, str], embedder: "Embedder", working: Callable[[str], str]
) -> dict[str, Found]:
    """`names`: document id to abstract id. `working`: a claim as it is searched."""
    from muniment.retrieval import selectors
    from muniment.retrieval.fusion import fuse
    from muniment.retrieval.types import Query
    from muniment.silo.chunks import read_chunks

    index = selectors.cache.index(silo)
    found: dict[str, Found] = {"words": {}, "vectors": {}, "fused": {}}
    with silo.reading() as reader:
        for claim, (said, _) in scifact.claims().items():
            text = working(said)
            words, _ = selectors._by_words(index, text)
            query = Query(text, embedder.embed_questions([text])[0], embedder.name)
            near = selectors._by_vectors(index, reader, query, {})
            for name, hits in (
                ("words", words),
                ("vectors", near),
                ("fused", fuse(words, near, depth=selectors.DEPTH)),
            ):
                chunks = read_chunks(reader, [hit.chunk for hit in hits[: 4 * DEPTH]])
                found[name][claim] = list(dict.fromkeys(names[chunk.document] for chunk in chunks))
    return found


def measured(*, masking: str) -> dict[str, dict[str, tuple[float, float]]]:
    """System to part of the claims to (nDCG@10, recall@10)."""
    with installation() as actor:
        from muniment.agents import selectors as agents
        from muniment.agents.services import open_silo
        from muniment.chat.questions import Masker
        from muniment.core.permissions import Permission
        from muniment.ingest.selectors import documents

        embedder = scifact.remember()
        agent = scifact.agent_of(actor, "SciFact", scifact.abstracts(), masking=masking)
        names = {document.id: document.name.removesuffix(".txt") for document in documents(actor, agent)}
        silo = open_silo(actor=actor, agent=agent, permission=Permission.DOCUMENT_VIEW)
        masker = Masker(actor, agent, agents.masking(actor, agent, silo))
        found = rankings(silo, names, embedder, lambda claim: masker.searched(claim).working)
    claims = scifact.claims()
    parts = {
        "odd": [one for one in claims if one % 2],
        "even": [one for one in claims if not one % 2],
        "all": [*claims],
    }
    return {
        system: {
            part: (
                mean(ndcg(ranked[one], claims[one][1]) for one in chosen),
                mean(recall(ranked[one], claims[one][1]) for one in chosen),
            )
            for part, chosen in parts.items()
        }
        for system, ranked in found.items()
    }


def main() -> None:
    found = measured(masking="stand_ins" if "--masked" in sys.argv[1:] else "off")
    print(runs.row("nDCG@10 / recall@10", "odd claims", "even claims", "all 300"))
    print(runs.row("---", "---", "---", "---"))
    for system, parts in found.items():
        print(runs.row(system, *(f"{one:.3f} / {two:.3f}" for one, two in parts.values())))


if __name__ == "__main__":
    main()
