"""Memory of a process that answers: idle with the model, then with many silos asked in turn.

python -m evaluations.memory
"""

import gc

import numpy as np
import psutil

from evaluations import corpus, runs
from evaluations.installation import installation
from evaluations.silos import fill

SILOS = 200


def resident() -> float:
    """MiB"""
    gc.collect()
    return psutil.Process().memory_info().rss / 2**20


def asked(actor: object, *, silos: int, chunks: int) -> tuple[float, float]:
    """(MiB more than before, MiB the opened indexes say they take) after each silo was asked once."""
    from muniment.agents.services import create_agent, open_silo
    from muniment.core.permissions import Permission
    from muniment.retrieval.selectors import cache, search

    texts = corpus.abstracts()
    vector = np.zeros(384, dtype=np.float32)
    opened = []
    for number in range(silos):
        agent = create_agent(actor=actor, name=f"{chunks} {number}")  # type: ignore[arg-type]
        opened.append(open_silo(actor=actor, agent=agent, permission=Permission.DOCUMENT_VIEW))  # type: ignore[arg-type]
        fill(opened[-1], texts[number * 20 : number * 20 + max(40, chunks // 20)], chunks=chunks)
    del texts
    before = resident()
    for silo in opened:
        search(silo, "tumour growth in mice", vector=vector, limit=8)
    return resident() - before, cache.size / 2**20


def main() -> None:
    with installation() as actor:
        from muniment.llm.services import embedder

        embedder().embed(["warm"])
        print(runs.row("what", "MiB"))
        print(runs.row("---", "---"))
        print(runs.row("process with model, nothing opened", f"{resident():.0f}"))
        more, held = asked(actor, silos=SILOS, chunks=1000)
        print(runs.row(f"{SILOS} silos of 1,000 chunks asked once: more", f"{more:.0f} (indexes {held:.0f})"))
        more, held = asked(actor, silos=SILOS // 4, chunks=20_000)
        print(runs.row(f"{SILOS // 4} silos of 20,000 chunks asked in turn: more", f"{more:.0f} (indexes {held:.0f})"))


if __name__ == "__main__":
    main()
