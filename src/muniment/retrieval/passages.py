"""What retrieval hands to whoever answers."""

from dataclasses import dataclass

from muniment.silo.chunks import StoredChunk


@dataclass(frozen=True, slots=True)
class Passage:
    """Neighbouring chunks of one document, in reading order. Each part's text is exactly its span of the document.

    `score` orders the passages of one question (fused ranks, higher is better, meaningless across questions);
    `similarity` is the cosine of question and best part by the embedding model, -1 to 1, or None where the language
    of the part is not searched by vectors.
    """

    parts: tuple[StoredChunk, ...]
    score: float
    similarity: float | None

    @property
    def document(self) -> str:
        return self.parts[0].document

    @property
    def page(self) -> int | None:
        return self.parts[0].page

    @property
    def headings(self) -> tuple[str, ...]:
        return self.parts[0].headings

    @property
    def start(self) -> int:
        return self.parts[0].start

    @property
    def end(self) -> int:
        return self.parts[-1].end
