"""How fast documents become live, against a bare loop that embeds the same chunks.

python -m evaluations.ingest             prints the table: interleaved runs
python -m evaluations.ingest once
"""

import json
import sys
import time

from evaluations import corpus, runs
from evaluations.installation import installation

RUNS = 5
DOCUMENTS = 1000


def once() -> dict[str, float]:
    with installation() as actor:
        from muniment.agents.services import create_agent, open_silo
        from muniment.core.permissions import Permission
        from muniment.ingest.pipeline import EMBED
        from muniment.ingest.sandbox.shared import sandbox
        from muniment.ingest.services import add_document
        from muniment.jobs.services import run_due
        from muniment.llm.services import embedder
        from muniment.silo.chunks import chunks_of

        texts = corpus.abstracts(DOCUMENTS)
        model = embedder()
        model.embed(["warm"])
        sandbox().start()
        agent = create_agent(actor=actor, name="Ingest")
        started = time.perf_counter()
        for number, text in enumerate(texts):
            add_document(actor=actor, agent=agent, name=f"{number}.txt", source=[text.encode()])
        uploaded = time.perf_counter()
        run_due()
        live = time.perf_counter()
        silo = open_silo(actor=actor, agent=agent, permission=Permission.DOCUMENT_VIEW)
        with silo.reading() as reader:
            stored = sorted(chunks_of(reader), key=lambda chunk: chunk.number)
        embedded = [f"{chunk.context}\n{chunk.text}" if chunk.context else chunk.text for chunk in stored]
        bare = time.perf_counter()
        for start in range(0, len(embedded), EMBED):
            model.embed(embedded[start : start + EMBED])
        bare = time.perf_counter() - bare
        return {
            "documents per s": DOCUMENTS / (live - started),
            "upload s": uploaded - started,
            "ratio to bare loop": (live - uploaded) / bare,
            "ratio with upload": (live - started) / bare,
            "chunks": len(stored),
            "tokens embedded per token": sum(model.count_tokens(embedded)) / sum(model.count_tokens(texts)),
        }


def main() -> None:
    found = [runs.run("evaluations.ingest", "once") for _ in range(RUNS)]
    print(runs.row("what", "median (lowest to highest)"))
    print(runs.row("---", "---"))
    for what in found[0]:
        print(runs.row(what, runs.spread([one[what] for one in found])))


if __name__ == "__main__":
    if sys.argv[1:2] == ["once"]:
        print(json.dumps(once()))
    else:
        main()
