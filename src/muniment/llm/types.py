"""What other rooms may know of a model."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]


class Embedder(Protocol):
    """Turns texts into vectors. Implementations are safe to share between threads."""

    @property
    def name(self) -> str:
        """Names model, weights and preparation: vectors under different names must not be compared."""

    @property
    def dimension(self) -> int:
        """Numbers per vector."""

    @property
    def max_tokens(self) -> int:
        """What the model reads of a text, its own marks included; the rest is ignored."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """float32[len(texts), dimension], rows of length 1, in the order of `texts`; shape (0, dimension) for none."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each whole text, the model's own marks included: a text fits when this is <= `max_tokens`."""
