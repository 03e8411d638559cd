"""How long until the first words of an extractive answer, at 10,000 chunks: from asking to the first sentence said.

python -m evaluations.first_word [claims [abstracts]]

In this process, through `chat.services.ask`; the question's embedding is included. First each claim with no sentence
of the silo embedded yet (their vectors are erased again after each), then each once more, with its sentences known.
Claims that are refused say nothing and do not count. Takes about 3 minutes, the first time 8: the abstracts are
embedded.
"""

import sys
import time
from typing import TYPE_CHECKING

import numpy as np

from evaluations import runs, scifact
from evaluations.answers.embedding import RememberingEmbedder
from evaluations.installation import installation
from evaluations.silos import fill

if TYPE_CHECKING:
    from muniment.agents.models import Agent
    from muniment.core.actors import Actor
    from muniment.silo.sealed import Silo

CHUNKS = 10_000
CLAIMS = 100

Said = tuple[float, float]  # ms by the clock, ms of processor time


def first_word(actor: "Actor", agent: "Agent", question: str) -> Said | None:
    """Until the first sentence; None for a refusal. The rest is heard out, so that everything is stored."""
    from muniment.chat import types
    from muniment.chat.services import ask

    said: Said | None = None
    started, work = time.perf_counter(), time.process_time()
    for event in ask(actor=actor, agent=agent, question=question):
        if said is None and isinstance(event, types.Said):
            said = 1000 * (time.perf_counter() - started), 1000 * (time.process_time() - work)
    return said


def forget_sentences(silo: "Silo") -> None:
    from muniment.silo.types import Table

    with silo.writing() as writer:
        writer.delete(Table.SENTENCES, writer.ids(Table.SENTENCES))


def relevant_first() -> list[str]:
    """The abstracts, those that answer a claim before the others: also with some of them there are answers."""
    relevant = {f"{one}.txt" for _, found in scifact.claims().values() for one in found}
    files = sorted(scifact.abstracts().items(), key=lambda file: file[0] not in relevant)
    return [content.decode() for _, content in files]


def measured(count: int, abstracts: int | None) -> dict[str, list[Said]]:
    with installation() as actor:
        from muniment.agents.services import create_agent, open_silo
        from muniment.core.permissions import Permission

        texts = relevant_first()[:abstracts]
        bases = RememberingEmbedder().embed(texts)
        agent = create_agent(actor=actor, name="First word")
        silo = open_silo(actor=actor, agent=agent, permission=Permission.DOCUMENT_VIEW)
        fill(silo, texts, chunks=CHUNKS, bases=bases)
        claims = [text for text, _ in scifact.claims().values()][:count]
        first_word(actor, agent, claims[0])
        new: list[Said | None] = []
        for claim in claims:
            forget_sentences(silo)
            new.append(first_word(actor, agent, claim))
        for claim in claims:
            first_word(actor, agent, claim)  # embeds what it needs
        warm = [first_word(actor, agent, claim) for claim in claims]
    return {
        "warm": [one for one in warm if one],
        "its sentences new": [one for one in new if one],
    }


def main(count: int = CLAIMS, abstracts: int | None = None) -> None:
    found = measured(count, abstracts)
    heads = ("answered", "p50, ms", "p95, ms", "p50 of processor time", "p95 of processor time", "asked for, p95")
    print(runs.row(f"first sentence, {CHUNKS:,} chunks", *heads))
    print(runs.row(*["---"] * 7))
    for (what, said), asked_for in zip(found.items(), ("≤ 200", "≤ 700"), strict=True):
        times = np.percentile(np.array(said).reshape(-1, 2), [50, 95], axis=0).T.ravel() if said else [np.nan] * 4
        cells = (f"{value:.0f}" for value in times)
        print(runs.row(what, f"{len(said)} of {count}", *cells, asked_for))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
