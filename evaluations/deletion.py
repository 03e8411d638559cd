"""How long erasing takes: a document out of an agent of 100,000 chunks, and the agent itself.

python -m evaluations.deletion

Takes about 2 minutes.
"""

import time

import numpy as np

from evaluations import corpus, runs
from evaluations.installation import installation
from evaluations.silos import fill

CHUNKS = 100_000


def main() -> None:
    with installation() as actor:
        from muniment.agents.services import create_agent, delete_agent, open_silo
        from muniment.agents.types import MaskingMode
        from muniment.core.permissions import Permission
        from muniment.ingest.services import delete_documents
        from muniment.retrieval.selectors import search
        from muniment.retrieval.types import Query

        agent = create_agent(actor=actor, name="Deletion", masking=MaskingMode.OFF)
        silo = open_silo(actor=actor, agent=agent, permission=Permission.DOCUMENT_DELETE)
        documents = fill(silo, corpus.abstracts(), chunks=CHUNKS)
        vector = np.zeros(384, dtype=np.float32)
        search(silo, Query("warm", vector, "random"), limit=8)
        times = []
        for document in documents[:: len(documents) // 7][:7]:
            started = time.perf_counter()
            assert delete_documents(actor=actor, agent=agent, documents=[document]) == 1
            times.append(time.perf_counter() - started)
        started = time.perf_counter()
        delete_agent(actor=actor, agent=agent)
        whole = time.perf_counter() - started
    print(runs.row(f"erased, of {CHUNKS:,} chunks", "s, median (lowest to highest)", "asked for"))
    print(runs.row("---", "---", "---"))
    print(runs.row("one document of about 20 chunks, of 7", runs.spread(times, 3), "≤ 0.5"))
    print(runs.row("the agent, once", f"{whole:.3f}", "≤ 0.2"))


if __name__ == "__main__":
    main()
