"""Memory: a server that idles, and a process that answers from many silos in turn.

python -m evaluations.memory
python -m evaluations.memory idle | asked SILOS CHUNKS     each in a process of its own
python -m evaluations.memory ask                           in an installation that is there: asks every agent once

Takes about an hour and 12 GB of the temp folder: four million chunks are written.
"""

import functools
import gc
import json
import os
import subprocess
import sys

import psutil

from evaluations import corpus, runs
from evaluations.installation import installation
from evaluations.silos import fill

SILOS = 200
PORT = "28117"


def idle() -> dict[str, float]:
    """MiB of `muniment serve` itself, and with its worker and the sandbox, once a document was read.

    Shared pages are counted once (proportional set size).
    """
    with installation() as actor:
        from django.conf import settings

        from muniment.agents.services import create_agent

        agent = create_agent(actor=actor, name="Idle")
        document = settings.MUNIMENT_HOME.parent / "abstract.txt"
        document.write_text(corpus.abstracts(1)[0])
        command = [sys.executable, "-m", "muniment"]
        environment = {**os.environ, "MUNIMENT_PORT": PORT}
        server = subprocess.Popen([*command, "serve"], env=environment, stdout=subprocess.PIPE, text=True)
        try:
            assert server.stdout is not None
            server.stdout.readline()
            ingest = [*command, "ingest", agent.id, str(document), "--wait"]
            subprocess.run(ingest, env=environment, check=True, capture_output=True)
            root = psutil.Process(server.pid)
            sizes = [process.memory_full_info().pss / 2**20 for process in (root, *root.children(recursive=True))]
        finally:
            server.terminate()
            server.wait()
    return {"server": sizes[0], "all": sum(sizes)}


def asked(*, silos: int, chunks: int) -> dict[str, float]:
    """Fills silos in this process and asks them in a fresh one: see `ask`."""
    with installation() as actor:
        from muniment.agents.services import create_agent, open_silo
        from muniment.core.permissions import Permission
        from muniment.retrieval import writing

        writing.analyse = functools.cache(writing.analyse)  # type: ignore[assignment]  # the same windows fill every silo
        texts = corpus.abstracts(max(20, chunks // 20))
        for number in range(silos):
            agent = create_agent(actor=actor, name=str(number))
            fill(open_silo(actor=actor, agent=agent, permission=Permission.DOCUMENT_VIEW), texts, chunks=chunks)
        return runs.run("evaluations.memory", "ask")


def ask() -> dict[str, float]:
    """MiB of a process with the model loaded; what asking each agent once adds; what the opened indexes hold."""
    import django

    django.setup()
    from muniment.agents.selectors import live_agents
    from muniment.core.actors import SYSTEM
    from muniment.llm.services import embedder
    from muniment.retrieval.selectors import cache, search
    from muniment.retrieval.types import Query
    from muniment.silo.services import open_silo

    agents = list(live_agents(SYSTEM))
    question = "tumour growth in mice"
    (vector,) = embedder().embed([question])
    before = _resident()
    for agent in agents:
        silo = open_silo(agent.silo)
        assert search(silo, Query(question, vector, cache.index(silo).model or ""), limit=8)
    return {"process": before, "more": _resident() - before, "indexes": cache.size / 2**20}


def _resident() -> float:
    gc.collect()
    return psutil.Process().memory_info().rss / 2**20


def main() -> None:
    at_rest = runs.run("evaluations.memory", "idle")
    print(runs.row("MiB", "measured", "asked for"))
    print(runs.row("---", "---", "---"))
    print(runs.row("`muniment serve` itself, idle", f"{at_rest['server']:.0f}", ""))
    print(runs.row("with its worker and the sandbox, a document read", f"{at_rest['all']:.0f}", ""))
    for chunks, asked_for in ((1000, "≤ 250"), (20_000, "indexes ≤ 256")):
        found = runs.run("evaluations.memory", "asked", str(SILOS), str(chunks))
        if chunks == 1000:
            print(runs.row("a process that answers, model loaded", f"{found['process']:.0f}", "≤ 450"))
        what = f"more, after {SILOS} silos of {chunks:,} chunks were asked in turn"
        print(runs.row(what, f"{found['more']:.0f} (indexes {found['indexes']:.0f})", asked_for), flush=True)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["idle"]:
            print(json.dumps(idle()))
        case ["asked", silos, chunks]:
            print(json.dumps(asked(silos=int(silos), chunks=int(chunks))))
        case ["ask"]:
            print(json.dumps(ask()))
        case _:
            main()
