"""The product's embedder with a memory on disk: texts of public test data are embedded once per machine."""

import hashlib
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from muniment.llm.types import Vectors

FOLDER = Path(tempfile.gettempdir()) / "muniment-evaluations"
_KEY = 16
_PIECE = 256


class RememberingEmbedder:
    """Implements `llm.types.Embedder`. Vectors by text, appended to one file: key(16 bytes) | float32[dimension]."""

    def __init__(self, *, folder: Path = FOLDER) -> None:
        from muniment.llm.services import embedder  # not above: it reads settings, which an evaluation makes first

        self._embedder = embedder()
        self.dimension = self._embedder.dimension
        self.name = self._embedder.name
        self.max_tokens = self._embedder.max_tokens
        folder.mkdir(exist_ok=True)
        self._path = folder / f"{self.name}.vectors"
        self._known = dict(self._stored())

    def _stored(self) -> Iterator[tuple[bytes, Vectors]]:
        size = _KEY + 4 * self.dimension
        data = self._path.read_bytes() if self._path.exists() else b""
        for at in range(0, len(data) - size + 1, size):
            yield data[at : at + _KEY], np.frombuffer(data, "<f4", self.dimension, at + _KEY)

    def embed(self, texts: Sequence[str]) -> Vectors:
        keys = [hashlib.sha256(text.encode()).digest()[:_KEY] for text in texts]
        new = list({key: text for key, text in zip(keys, texts, strict=True) if key not in self._known}.items())
        for start in range(0, len(new), _PIECE):
            self._learn(new[start : start + _PIECE])
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        return np.stack([self._known[key] for key in keys])

    def embed_questions(self, texts: Sequence[str]) -> Vectors:
        return self.embed(texts)

    def _learn(self, piece: list[tuple[bytes, str]]) -> None:
        vectors = self._embedder.embed([text for _, text in piece])
        self._known.update((key, vector) for (key, _), vector in zip(piece, vectors, strict=True))
        with self._path.open("ab", buffering=0) as file:  # one write: two evaluations at once do not mix their entries
            file.write(b"".join(key + self._known[key].astype("<f4").tobytes() for key, _ in piece))

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return self._embedder.count_tokens(texts)
