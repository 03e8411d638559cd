"""Public texts as the product would hold them: parsed, chunked, embedded. In memory; nothing is sealed here."""

import json
from collections.abc import Iterator
from pathlib import Path

from evaluations.answers.embedding import RememberingEmbedder
from muniment.ingest.chunking import chunk
from muniment.ingest.parsing.html import parse_html
from muniment.ingest.parsing.plain import parse_plain
from muniment.ingest.types import ExtractedDocument, Limits
from muniment.silo.chunks import StoredChunk

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


def stored(documents: dict[str, ExtractedDocument], embedder: RememberingEmbedder) -> tuple[StoredChunk, ...]:
    """The chunks of these documents, numbered through, with their vectors."""
    cut = [
        (name, doc, piece)
        for name, doc in documents.items()
        for piece in chunk(doc, count_tokens=embedder.count_tokens)
    ]
    vectors = embedder.embed([piece.embedded for _, _, piece in cut])
    return tuple(
        StoredChunk(
            number=number,
            document=name,
            start=piece.start,
            end=piece.end,
            page=piece.page,
            headings=piece.headings,
            context=piece.context,
            language=doc.language,
            model=embedder.name,
            vector=vectors[number],
            text=piece.text,
        )
        for number, (name, doc, piece) in enumerate(cut)
    )


def gdpr(name: str = "articles.txt") -> ExtractedDocument:
    data = (DATA / "gdpr" / name).read_bytes()
    return parse_html(data, Limits()) if name.endswith(".html") else parse_plain(data, Limits())


def scifact() -> dict[str, ExtractedDocument]:
    """Abstract id -> title and abstract as a text file."""
    return {
        entry["_id"]: parse_plain(f"{entry['title']}\n\n{entry['text']}".encode(), Limits())
        for entry in _lines(DATA / "scifact" / "corpus.jsonl")
    }


def claims() -> dict[int, tuple[str, frozenset[str]]]:
    """Claim id -> (claim, ids of the abstracts relevant to it)."""
    relevant: dict[str, set[str]] = {}
    for line in (DATA / "scifact" / "qrels" / "test.tsv").read_text().splitlines()[1:]:
        query, document, _ = line.split("\t")
        relevant.setdefault(query, set()).add(document)
    texts = {entry["_id"]: entry["text"] for entry in _lines(DATA / "scifact" / "queries.jsonl")}
    return {int(query): (texts[query], frozenset(found)) for query, found in relevant.items()}


def _lines(path: Path) -> Iterator[dict[str, str]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        yield json.loads(line)
