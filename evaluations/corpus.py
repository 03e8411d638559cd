"""SciFact, where it is present."""

import json
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "data" / "scifact"


def abstracts(count: int | None = None) -> list[str]:
    """Title and text of the first abstracts."""
    return [f"{row['title']}\n\n{row['text']}" for row in _rows("corpus.jsonl")[:count]]


def claims() -> list[str]:
    """The claims of the test set, exactly as written."""
    wanted = {line.split("\t")[0] for line in (FOLDER / "qrels" / "test.tsv").read_text().splitlines()[1:]}
    return [row["text"] for row in _rows("queries.jsonl") if row["_id"] in wanted]


def _rows(name: str) -> list[dict[str, str]]:
    path = FOLDER / name
    if not path.exists():
        sys.exit(f"The data folder {FOLDER} is absent: this evaluation needs it.")
    return [json.loads(line) for line in path.read_text().splitlines()]
