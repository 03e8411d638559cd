"""What masking takes: processor time of ingest, and memory of server, worker and detector together.

python -m evaluations.masking
python -m evaluations.masking once DOCUMENTS     one run of ingest, in this process

The bare loop embeds the same chunks and looks through the same texts, one after the other; the detector lies in the
same process, so that all of it is counted. Takes about 8 minutes.
"""

import json
import os
import sys

from evaluations import corpus, runs
from evaluations.ingest import processor_time
from evaluations.installation import installation

RUNS = 3
DOCUMENTS = 200


def once(count: int) -> dict[str, float]:
    os.environ["MUNIMENT_DETECTOR_PROCESS"] = "off"
    with installation() as actor:
        from muniment.agents.services import create_agent, open_silo
        from muniment.core.permissions import Permission
        from muniment.ingest.pipeline import EMBED
        from muniment.ingest.sandbox.shared import sandbox
        from muniment.ingest.selectors import documents
        from muniment.ingest.services import add_document
        from muniment.jobs.services import run_due
        from muniment.llm.services import embedder
        from muniment.pii.services import find_personal_data
        from muniment.silo.chunks import chunks_of

        texts = corpus.abstracts(count)
        model = embedder()
        model.embed(["warm"])
        find_personal_data("warm")
        sandbox().parse([texts[0].encode()])
        agent = create_agent(actor=actor, name="Masked")
        for number, text in enumerate(texts):
            add_document(actor=actor, agent=agent, name=f"{number}.txt", source=[text.encode()])
        spent = processor_time()
        run_due()
        spent = processor_time() - spent
        silo = open_silo(actor=actor, agent=agent, permission=Permission.DOCUMENT_VIEW)
        with silo.reading() as reader:
            embedded = [chunk.embedded for chunk in chunks_of(reader)]
        bare = processor_time()
        for start in range(0, len(embedded), EMBED):
            model.embed(embedded[start : start + EMBED])
        embedding = processor_time() - bare
        for text in texts:
            find_personal_data(text)
        bare = processor_time() - bare
        masked = sum(document.masked for document in documents(actor, agent))
        return {"ratio": spent / bare, "detector": (bare - embedding) / embedding, "masked": masked / count}


def main() -> None:
    found = [runs.run("evaluations.masking", "once", str(DOCUMENTS)) for _ in range(RUNS)]
    held = runs.run("evaluations.memory", "idle")
    print(runs.row(f"{DOCUMENTS} abstracts, {RUNS} runs", "median (lowest to highest)", "asked for"))
    print(runs.row("---", "---", "---"))
    ratio, detector, masked = (runs.spread([one[what] for one in found]) for what in ("ratio", "detector", "masked"))
    print(runs.row("ingest with masking, by the processor time of embedding and detector alone", ratio, "≤ 1.10"))
    print(runs.row("the detector's share, by the embedding's processor time", detector, ""))
    print(runs.row("places masked in a document", masked, ""))
    print(runs.row("server, worker and detector, idle after a document, MiB", f"{held['all']:.0f}", "≤ 1331"))


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["once", documents]:
            print(json.dumps(once(int(documents))))
        case _:
            main()
