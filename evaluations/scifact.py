"""SciFact in an agent of the product: every abstract a text file, read, cut, embedded and indexed as an upload is.

Texts are embedded once per machine (`answers.embedding`): an evaluation of quality is not one of ingest.
"""

import json
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evaluations.answers.embedding import RememberingEmbedder
from evaluations.corpus import FOLDER

if TYPE_CHECKING:
    from muniment.agents.models import Agent
    from muniment.core.actors import Actor


def remember() -> RememberingEmbedder:
    """Every room of this process embeds with a memory from now on."""
    from muniment.llm import services

    embedder = RememberingEmbedder()
    services._loaded[services.embedder_name()] = embedder
    return embedder


def agent_of(actor: "Actor", name: str, files: dict[str, bytes], *, masking: str = "off") -> "Agent":
    from muniment.agents.services import create_agent
    from muniment.agents.types import MaskingMode
    from muniment.ingest.services import add_document
    from muniment.jobs.services import run_due

    agent = create_agent(actor=actor, name=name, masking=MaskingMode(masking))
    for file, content in files.items():
        add_document(actor=actor, agent=agent, name=file, source=[content])
    run_due()
    return agent


def abstracts(*, without: Collection[str] = ()) -> dict[str, bytes]:
    """File name to title and text; the name is the abstract's id and `.txt`."""
    return {
        f"{row['_id']}.txt": f"{row['title']}\n\n{row['text']}".encode()
        for row in _lines(FOLDER / "corpus.jsonl")
        if row["_id"] not in without
    }


def claims() -> dict[int, tuple[str, frozenset[str]]]:
    """Claim id to (claim as written, ids of the abstracts relevant to it)."""
    relevant: dict[str, set[str]] = {}
    for line in (FOLDER / "qrels" / "test.tsv").read_text().splitlines()[1:]:
        query, document, _ = line.split("\t")
        relevant.setdefault(query, set()).add(document)
    texts = {row["_id"]: row["text"] for row in _lines(FOLDER / "queries.jsonl")}
    return {int(query): (texts[query], frozenset(found)) for query, found in sorted(relevant.items())}


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
