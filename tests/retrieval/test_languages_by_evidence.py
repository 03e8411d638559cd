"""Which languages are searched by vectors is what twenty planted questions say, not an opinion."""

import re
from collections.abc import Callable, Sequence
from math import log2
from pathlib import Path
from statistics import mean

import numpy as np
import pytest

from evaluations.answers.gdpr_de import ASKED
from muniment.agents.services import create_agent, open_silo
from muniment.core.permissions import Permission
from muniment.ingest.services import add_document
from muniment.jobs.services import run_due
from muniment.llm.services import embedder
from muniment.retrieval import languages, selectors
from muniment.retrieval.services import rebuild_index
from muniment.retrieval.types import Query
from muniment.silo.chunks import StoredChunk
from muniment.silo.sealed import Silo
from tests.cast import Person

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "gdpr" / "articles-de.txt"


def _article(chunk: StoredChunk) -> int:
    found = [int(match[1]) for name in chunk.headings if (match := re.fullmatch(r"Artikel (\d+)", name))]
    return found[-1] if found else 0


def _quality(silo: Silo, embed: Callable[[Sequence[str]], np.ndarray]) -> float:  # type: ignore[type-arg]
    """Mean nDCG@10 over articles, one of which is right."""
    gains = []
    for question, article in ASKED:
        found = selectors.search(silo, Query(question, embed([question])[0], embedder().name), limit=30)
        order = sorted(((part, passage) for passage in found for part in passage.parts), key=lambda one: -one[1].score)
        ranked = list(dict.fromkeys(_article(part) for part, _ in order))[:10]
        gains.append(1 / log2(ranked.index(article) + 2) if article in ranked else 0.0)
    return mean(gains)


@pytest.mark.long
@pytest.mark.skipif(not DATA.exists(), reason=f"the data {DATA} is absent")
@pytest.mark.django_db(transaction=True)
def test_german_is_searched_by_what_finds_more(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    agent = create_agent(actor=alice.actor, name="DSGVO")
    add_document(actor=alice.actor, agent=agent, name="articles-de.txt", source=[DATA.read_bytes()])
    run_due()
    silo = open_silo(actor=alice.actor, agent=agent, permission=Permission.DOCUMENT_VIEW)
    qualities = {}
    for by_vectors in (frozenset({"en"}), frozenset({"en", "de"})):
        monkeypatch.setattr(languages, "BY_VECTORS", by_vectors)
        rebuild_index(silo)
        qualities["de" in by_vectors] = _quality(silo, embedder().embed)
    monkeypatch.undo()
    assert languages.uses_vectors("de", embedder().name) == (qualities[True] >= qualities[False]), qualities
    assert max(qualities.values()) >= 0.85, qualities
