"""An answer as one person may read it: with the names of the extracted text, or with the stand-ins of the working text.

All that answers is working text: passages, answerers, grounding, a model's own sentences. What is stored are places of
the extracted text, which stay right whatever is masked later. Between both and the reader stands this module alone.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from muniment.chat.records import Message, Reference, StoredSentence
from muniment.chat.types import Citation, Sentence
from muniment.ingest.selectors import Document, Mask, Sight, View, documents_in, mask_records, text_in
from muniment.pii.services import restored
from muniment.retrieval.types import Passage
from muniment.silo.chunks import StoredChunk, chunks_of, read_chunks
from muniment.silo.sealed import SiloReader


class Showing:
    """One person's sight of some documents, as of one look at the silo: their places are those of its chunks then."""

    def __init__(self, sight: Sight, reader: SiloReader, documents: Collection[str]) -> None:
        self.sight = sight
        self.documents: dict[str, Document] = {one.id: one for one in documents_in(reader, set(documents))}
        self._records = mask_records(reader, self.documents)
        self._masks: dict[str, Mask] = {}

    def view(self, document: str) -> View | None:
        """None where it is gone."""
        found = self.documents.get(document)
        return None if found is None else self.sight.view(found)

    def mask(self, document: str) -> Mask:
        if document not in self._masks:
            record = self._records.get(document)
            self._masks[document] = Mask.from_record(record) if record else Mask()
        return self._masks[document]

    def reference(self, citation: Citation) -> Reference:
        """A citation of the working text, as it is stored."""
        start, end = self.mask(citation.document).offsets.to_extracted(citation.start, citation.end)
        return Reference(citation.document, citation.chunk, citation.page, start, end)

    def citation(self, citation: Citation) -> Citation:
        """A citation of the working text, as it is shown."""
        start, end, quote = self.words(citation.document, citation.start, citation.end, citation.quote)
        return replace(citation, start=start, end=end, quote=quote)

    def words(self, document: str, start: int, end: int, quote: str) -> tuple[int, int, str]:
        """Place and words as they are shown of a place of the working text."""
        if self.view(document) is not View.EXTRACTED:
            return start, end, quote
        mask = self.mask(document)
        return *mask.offsets.to_extracted(start, end), mask.undone(start, end, quote)

    def sentence(self, sentence: Sentence, pairs: Mapping[str, str]) -> Sentence:
        """`pairs` are those of the question."""
        citations = tuple(map(self.citation, sentence.citations))
        text = citations[0].quote if sentence.is_quote else self.prose(sentence.text, sentence.documents, pairs)
        return replace(sentence, text=text, citations=citations)

    def passage(self, passage: Passage) -> Passage:
        return replace(passage, parts=tuple(map(self._part, passage.parts)))

    def prose(self, text: str, documents: Iterable[str], pairs: Mapping[str, str]) -> str:
        """Working text that is no place of a document."""
        if not self.sight.names:
            return text
        return restored(text, {**pairs, **{key: word for one in documents for key, word in self._pairs(one).items()}})

    def headings(self, chunk: StoredChunk) -> tuple[str, ...]:
        pairs = self._pairs(chunk.document)
        return tuple(restored(one, pairs) for one in chunk.headings) if pairs else chunk.headings

    def _pairs(self, document: str) -> dict[str, str]:
        return self.mask(document).pairs() if self.view(document) is View.EXTRACTED else {}

    def _part(self, chunk: StoredChunk) -> StoredChunk:
        start, end, text = self.words(chunk.document, chunk.start, chunk.end, chunk.text)
        ends = tuple(self.words(chunk.document, at, at, "")[1] for at in chunk.page_ends)
        return replace(chunk, start=start, end=end, text=text, headings=self.headings(chunk), page_ends=ends)


@dataclass(frozen=True, slots=True)
class Place:
    """A reference found again, as it is shown."""

    start: int
    end: int
    quote: str
    headings: tuple[str, ...]


class Places:
    """The references of one message, found again in the documents as they are now."""

    def __init__(self, sight: Sight, reader: SiloReader, references: Collection[Reference]) -> None:
        self.showing = Showing(sight, reader, {one.document for one in references})
        self._reader = reader
        self._chunks = {one.number: one for one in read_chunks(reader, [one.chunk for one in references])}
        self._texts: dict[str, str] = {}
        self._found = {one: self._place(one) for one in references}

    def get(self, reference: Reference) -> Place | None:
        """None where its words are gone, or not for this person now."""
        return self._found[reference]

    def waits(self, sentence: StoredSentence) -> bool:
        """Whether its words are only away: its document is to be masked again first."""
        return any(self.showing.view(one.document) is View.WAITING for one in sentence.references)

    def text(self, sentence: StoredSentence, message: Message) -> str | None:
        """A model's own words, else the document's.

        Attack stopped: a sentence written before masking was switched on has the names in it. Who may not see them
        reads the quotes in its place.
        """
        quotes = [place.quote for one in sentence.references if (place := self._found[one]) is not None]
        if not quotes:
            return None
        if sentence.text is None or not (self.showing.sight.names or self._is_masked_as_now(message)):
            return " ".join(quotes)
        return self.showing.prose(sentence.text, sentence.documents, message.pairs)

    def _is_masked_as_now(self, message: Message) -> bool:
        return message.masking == self.showing.sight.masking.stamp

    def _place(self, reference: Reference) -> Place | None:
        if self.showing.view(reference.document) in {None, View.WAITING}:
            return None
        start, end = self.showing.mask(reference.document).offsets.to_working(reference.start, reference.end)
        chunk = self._chunks.get(reference.chunk)
        if chunk and chunk.document == reference.document and chunk.start <= start < end <= chunk.end:
            quote = chunk.text[start - chunk.start : end - chunk.start]
        else:  # it was cut anew
            quote = self._text(reference.document)[start:end]
            pieces = chunks_of(self._reader, reference.document)
            chunk = next((one for one in pieces if one.start <= start < one.end), None)
        if len(quote) != end - start:
            return None
        shown = self.showing.words(reference.document, start, end, quote)
        return Place(*shown, self.showing.headings(chunk) if chunk else ())

    def _text(self, document: str) -> str:
        if document not in self._texts:
            found = self.showing.documents[document]
            self._texts[document] = text_in(self._reader, found, self.showing.mask(document))
        return self._texts[document]
