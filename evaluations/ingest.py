"""How fast documents become live, against a bare loop that embeds the same chunks, and how fast a PDF is read.

python -m evaluations.ingest [--documents N] [--runs N]     prints the table
python -m evaluations.ingest once DOCUMENTS                 one run, in this process

In each run the bare loop follows on the documents it is compared with. Takes about 5 minutes. The rate over 1,000
documents is measured apart: `evaluations.ingest_rate`.
"""

import argparse
import json
import os
import sys
import time
from pathlib import Path

from evaluations import corpus, runs
from evaluations.installation import installation
from tests.ingest import files

RUNS = 5
DOCUMENTS = 200
PAGES = 500
WORDS = {  # what is measured, and what is asked for
    "documents per s": ("documents per second, upload included", "≥ 6.9"),
    "upload": ("upload of one document, ms (sealed, its key and itself durable)", ""),
    "ratio": ("from queued to live, by the bare loop's wall time", "≤ 1.15"),
    "processor": ("the same by processor time, readers included", ""),
    "tokens": ("tokens embedded per token of text", "≤ 1.3"),
    "pages": (f"pages per second of a PDF of {PAGES} pages, read in the sandbox", ""),
}


def once(count: int) -> dict[str, float]:
    with installation() as actor:
        from muniment.agents.services import create_agent, open_silo
        from muniment.agents.types import MaskingMode
        from muniment.core.permissions import Permission
        from muniment.ingest.pipeline import EMBED
        from muniment.ingest.sandbox.shared import sandbox
        from muniment.ingest.services import add_document
        from muniment.jobs.services import run_due
        from muniment.llm.services import embedder
        from muniment.silo.chunks import chunks_of

        texts = corpus.abstracts(count)
        model = embedder()
        model.embed(["warm"])
        sandbox().parse([texts[0].encode()])
        agent = create_agent(actor=actor, name="Ingest", masking=MaskingMode.OFF)
        started = time.perf_counter()
        for number, text in enumerate(texts):
            add_document(actor=actor, agent=agent, name=f"{number}.txt", source=[text.encode()])
        uploaded, spent = time.perf_counter(), processor_time()
        run_due()
        live, spent = time.perf_counter(), processor_time() - spent
        silo = open_silo(actor=actor, agent=agent, permission=Permission.DOCUMENT_VIEW)
        with silo.reading() as reader:
            stored = sorted(chunks_of(reader), key=lambda chunk: chunk.number)
        embedded = [f"{chunk.context}\n{chunk.text}" if chunk.context else chunk.text for chunk in stored]
        bare, bare_spent = time.perf_counter(), processor_time()
        for start in range(0, len(embedded), EMBED):
            model.embed(embedded[start : start + EMBED])
        bare, bare_spent = time.perf_counter() - bare, processor_time() - bare_spent
        return {
            "documents per s": count / (live - started),
            "upload": (uploaded - started) / count * 1000,
            "bare per s": count / bare,
            "ratio": (live - uploaded) / bare,
            "processor": spent / bare_spent,
            "tokens": sum(model.count_tokens(embedded)) / sum(model.count_tokens(texts)),
            "pages": _pages_per_second(texts),
        }


def _pages_per_second(texts: list[str]) -> float:
    from muniment.ingest.sandbox.shared import sandbox

    pages = [texts[number % len(texts)].encode("cp1252", "replace").decode("cp1252") for number in range(PAGES)]
    lines = ["\n".join(text[at : at + files.WIDTH] for at in range(0, 50 * files.WIDTH, files.WIDTH)) for text in pages]
    data = files.pdf(lines)
    started = time.perf_counter()
    assert len(sandbox().parse([data], name_hint="a.pdf").pages) == PAGES
    return PAGES / (time.perf_counter() - started)


def processor_time() -> float:
    """Seconds of this process and of the sandbox with all its readers (proc(5): utime, stime, cutime, cstime)."""
    tasks = Path("/proc/self/task").iterdir()
    children = [child for task in tasks for child in (task / "children").read_text().split()]
    fields = [Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[11:15] for child in children]
    return time.process_time() + sum(int(ticks) for own in fields for ticks in own) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m evaluations.ingest")
    parser.add_argument("--documents", type=int, default=DOCUMENTS)
    parser.add_argument("--runs", type=int, default=RUNS)
    asked = parser.parse_args()
    found = [runs.run("evaluations.ingest", "once", str(asked.documents)) for _ in range(asked.runs)]
    print(runs.row(f"{asked.documents} documents, {asked.runs} runs", "median (lowest to highest)", "asked for"))
    print(runs.row("---", "---", "---"))
    for what, (words, asked_for) in WORDS.items():
        print(runs.row(words, runs.spread([one[what] for one in found]), asked_for))


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["once", documents]:
            print(json.dumps(once(int(documents))))
        case _:
            main()
