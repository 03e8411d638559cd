"""Vectors from an endpoint that speaks OpenAI's format (https://platform.openai.com/docs/api-reference/embeddings).

Also spoken by vLLM, Ollama, llama.cpp, LM Studio, LocalAI, Text Embeddings Inference, Jina, Mistral and others.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

from muniment.llm.endpoints.call import EndpointCall
from muniment.llm.endpoints.folder import EndpointFolder
from muniment.llm.errors import ModelRefusedError
from muniment.llm.events import EMBEDDING_CALLED
from muniment.llm.minilm.tokenizer import WordPiece
from muniment.llm.types import Sender, Vectors

BATCH_TEXTS = 32  # more, Text Embeddings Inference does not take unless it is told to
BATCH_LETTERS = 60_000
_NUMBER = 32  # bytes of one number in JSON at most, with what stands around it


class EndpointEmbedder:
    """Implements `llm.types.Embedder`. Makes no call before it is asked to embed something."""

    def __init__(self, folder: EndpointFolder, *, sender: Sender, hurried: bool = False) -> None:
        self.name = folder.name
        self.dimension = folder.card.dimension
        self.max_tokens = folder.card.max_tokens
        self._folder = folder
        self._call = EndpointCall(folder, sender, EMBEDDING_CALLED, hurried)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Raises ModelUnavailableError, ModelRefusedError, TextRefusedError, as `embed_questions` does."""
        return self._embedded([self._folder.card.passage_prefix + text for text in texts])

    def embed_questions(self, texts: Sequence[str]) -> Vectors:
        return self._embedded([self._folder.card.question_prefix + text for text in texts])

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """By the packaged model's tokenizer: the endpoint's is not known. So documents are cut alike for all."""
        return _counter().count(texts)

    def _embedded(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        written = [at for at, text in enumerate(texts) if text.strip()]  # many endpoints refuse an empty text
        for batch in _batches(texts, written):
            vectors[batch] = self._asked([texts[at] for at in batch])
        return vectors

    def _asked(self, texts: Sequence[str]) -> Vectors:
        fields: dict[str, Any] = {"input": list(texts)}
        if self._folder.card.shortened:
            fields["dimensions"] = self.dimension
        most = len(texts) * self.dimension * _NUMBER + 2**20
        found = self._call.answer("/embeddings", fields, texts=len(texts), most=most)
        rows = found.get("data") if isinstance(found, Mapping) else None
        if not isinstance(rows, list) or len(rows) != len(texts):
            raise self._folder.refused(
                "{model} ({setting}) does not answer {number} texts with as many vectors. Check its address.",
                number=len(texts),
            )
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float64)
        left = set(range(len(texts)))
        for row in rows:
            at = row.get("index") if isinstance(row, Mapping) else None
            if type(at) is not int or at not in left:
                raise self._folder.refused(
                    "{model} ({setting}) does not say which vector belongs to which text. Check its address."
                )
            left.remove(at)
            vectors[at] = self._numbers(row.get("embedding"))
        return self._of_length_one(vectors)

    def _numbers(self, found: object) -> list[float]:
        if not isinstance(found, list) or not all(type(one) in (int, float) for one in found):
            raise self._folder.refused(
                "{model} ({setting}) does not answer with vectors of numbers. Check its address."
            )
        if len(found) != self.dimension:
            raise self._wrong_dimension(len(found))
        try:
            return [float(one) for one in found]
        except OverflowError:
            raise self._no_length() from None

    def _of_length_one(self, vectors: np.ndarray[Any, np.dtype[np.float64]]) -> Vectors:
        """Attack stopped: one vector that is infinite, or no number, comes first for every question."""
        with np.errstate(over="ignore"):
            lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        if not np.isfinite(lengths).all() or not (lengths > 0).all():
            raise self._no_length()
        return np.asarray(vectors / lengths, dtype=np.float32)

    def _wrong_dimension(self, length: int) -> ModelRefusedError:
        return self._folder.refused(
            "{model} ({setting}) answers with vectors of {length} numbers, and its muniment.json says {dimension}. "
            "Write what the model gives as dimension, in a folder of its own, and start again: then everything is "
            "embedded anew.",
            length=str(length),
            dimension=str(self.dimension),
        )

    def _no_length(self) -> ModelRefusedError:
        return self._folder.refused(
            "{model} ({setting}) answers with vectors that have no length. Check the model there."
        )


def _batches(texts: Sequence[str], places: Sequence[int]) -> Iterator[list[int]]:
    batch: list[int] = []
    letters = 0
    for at in places:
        if batch and (len(batch) == BATCH_TEXTS or letters + len(texts[at]) > BATCH_LETTERS):
            yield batch
            batch, letters = [], 0
        batch.append(at)
        letters += len(texts[at])
    if batch:
        yield batch


@cache
def _counter() -> WordPiece:
    return WordPiece()
