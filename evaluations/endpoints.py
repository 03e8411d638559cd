"""Models of the search at an endpoint: what this machine does for each call, without the endpoint itself.

python -m evaluations.endpoints         processor time only, so other work hardly matters

What the gate takes over the bodies of a call, on abstracts of SciFact. Takes about 2 minutes.
"""

import json
import os
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from evaluations import corpus
from evaluations.installation import installation
from evaluations.runs import row

PIECE = 1_000  # characters: about 200 tokens
BATCHES = 4


def main() -> None:
    os.environ["MUNIMENT_DETECTOR_PROCESS"] = "off"  # one process: so its processor time is all there is
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    with installation():
        from muniment.core.registries import OutboundMasking
        from muniment.llm.endpoints.embedder import BATCH_TEXTS
        from muniment.llm.gates import through_gates
        from muniment.llm.services import embedder
        from muniment.retrieval.reranking import DEPTH

        texts = [text[:PIECE] for text in corpus.abstracts(BATCHES * BATCH_TEXTS)]
        batches = [texts[at : at + BATCH_TEXTS] for at in range(0, len(texts), BATCH_TEXTS)]

        def gate(body: dict[str, Any]) -> None:
            through_gates(json.dumps(body).encode(), masking=OutboundMasking())

        gate({"input": ["warm"]})
        embedder(threads=1).embed(["warm"])
        embeds = [1000 * spent(gate, {"input": batch}) / len(batch) for batch in batches]
        packaged = [1000 * spent(embedder().embed, batch) / len(batch) for batch in batches]
        asked = [{"query": "aspirin and stroke", "documents": batch[:DEPTH]} for batch in batches]
        ranks = [1000 * spent(gate, body) for body in asked]
    print(row("what", "measured"))
    print(row("---", "---"))
    print(row("a piece of 1,000 characters to embed: the gate", f"{np.median(embeds):.0f} ms of processor"))
    print(row("the same piece by the packaged model, for comparison", f"{np.median(packaged):.0f} ms of processor"))
    print(row(f"a question and {DEPTH} passages to a reranker: the gate", f"{np.median(ranks):.0f} ms of processor"))


def spent(act: Callable[[Any], object], given: object) -> float:
    """Seconds of processor time of this process."""
    before = time.process_time()
    act(given)
    return time.process_time() - before


if __name__ == "__main__":
    main()
