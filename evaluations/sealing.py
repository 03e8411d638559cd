"""What sealing costs: ingest and question, without the embedding model, against the plaintext baseline.

python -m evaluations.sealing            prints the table: 7 interleaved runs of each
python -m evaluations.sealing once sealed|plaintext

Takes about 5 minutes.
"""

import json
import sys
import time

from evaluations import corpus, embedder, plaintext, runs
from evaluations.installation import installation

RUNS = 7
DOCUMENTS = 400
QUESTIONS = 300


def once(kind: str) -> dict[str, float]:
    with installation() as actor:
        embedder.use()
        if kind == "plaintext":
            plaintext.unsafe_take_out_sealing()
        from muniment.agents.services import create_agent, open_silo
        from muniment.agents.types import MaskingMode
        from muniment.core.permissions import Permission
        from muniment.ingest.sandbox.shared import sandbox
        from muniment.ingest.services import add_document
        from muniment.jobs.services import run_due
        from muniment.llm.services import embedder as loaded
        from muniment.retrieval.selectors import search
        from muniment.retrieval.types import Query

        agent = create_agent(actor=actor, name="Sealing", masking=MaskingMode.OFF)
        sandbox().start()
        started = time.perf_counter()
        for number, text in enumerate(corpus.abstracts(DOCUMENTS)):
            add_document(actor=actor, agent=agent, name=f"{number}.txt", source=[text.encode()])
        run_due()
        ingested = time.perf_counter() - started
        silo = open_silo(actor=actor, agent=agent, permission=Permission.CONVERSATION_CREATE)
        questions = corpus.claims()[:QUESTIONS]
        vectors = loaded().embed(questions)
        search(silo, Query(questions[0], vectors[0], loaded().name), limit=8)
        started = time.perf_counter()
        for question, vector in zip(questions, vectors, strict=True):
            search(silo, Query(question, vector, loaded().name), limit=8)
        return {"ingest": ingested, "question": (time.perf_counter() - started) / len(questions) * 1000}


def main() -> None:
    results: dict[str, list[dict[str, float]]] = {"sealed": [], "plaintext": []}
    for _ in range(RUNS):
        for kind, found in results.items():
            found.append(runs.run("evaluations.sealing", "once", kind))
    print(runs.row(f"{RUNS} interleaved runs", "sealed", "plaintext", "ratio", "asked for"))
    print(runs.row("---", "---", "---", "---", "---"))
    for what, name in (("ingest", f"ingest of {DOCUMENTS} abstracts, s"), ("question", "question, ms")):
        sealed, plain = ([one[what] for one in results[kind]] for kind in ("sealed", "plaintext"))
        ratios = [one / other for one, other in zip(sealed, plain, strict=True)]
        print(runs.row(name, runs.spread(sealed), runs.spread(plain), runs.spread(ratios), "≤ 1.5"))


if __name__ == "__main__":
    if sys.argv[1:2] == ["once"]:
        print(json.dumps(once(sys.argv[2])))
    else:
        main()
