"""The first 1,000 abstracts of SciFact as text files, from the first upload to the last one live: documents per second.

python -m evaluations.ingest_rate [documents]

Once, in a process of its own. Takes about 4 minutes.
"""

import sys

from evaluations import runs

DOCUMENTS = 1000
OTHERS = 2.3  # documents per second, of Open WebUI 0.12.4 and haiku.rag 0.101.1 with this model on such a machine


def main(documents: int = DOCUMENTS) -> None:
    found = runs.run("evaluations.ingest", "once", str(documents))
    rate = found["documents per s"]
    print(runs.row(f"{documents:,} documents, one run", "measured", "asked for"))
    print(runs.row("---", "---", "---"))
    print(runs.row("documents per second, upload included", f"{rate:.2f}", f"≥ {3 * OTHERS:.1f}"))
    print(runs.row("the bare loop's, uploads left out of both", f"{found['bare per s']:.2f}", ""))
    print(runs.row("by the bare loop's wall time, uploads left out", f"{found['ratio']:.2f}", "≤ 1.15"))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
