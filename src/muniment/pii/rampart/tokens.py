"""Token classification on onnxruntime: words of a text with what a model takes them for."""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Encoding, Tokenizer

from muniment.core.process import give_memory_back
from muniment.core.watch import Watch, unwatched
from muniment.pii.rampart.windows import LONGEST, SHORTEST, windows
from muniment.pii.types import Label, Tag

MAX_TOKENS = 510  # of the 512 positions of nearly all such models; two are for the marks around a text
WELL_READ = 220
"""Tokens read at once: beyond, attention costs more by token and finds no more."""
SAMPLE = 4000  # characters, by which the pieces of a whole text are told
FAINT = 0.03
"""Above this probability of any label a word is tagged. What is believed by itself: `pii.tagged.SURE`."""

Probabilities = npt.NDArray[np.float32]


class TokenTagger:
    """Implements `pii.types.Tagger`."""

    def __init__(self, *, model: bytes, tokenizer: str, labels: Sequence[Label | None], threads: int) -> None:
        """`labels` are those of the model's outputs in order, None for what is nothing to us."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        self._inputs = {each.name for each in self._session.get_inputs()}
        self._tokenizer = Tokenizer.from_str(tokenizer)
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._before, self._behind = _marks(self._tokenizer)
        self._labels, self._joined = _columns(labels)
        give_memory_back()

    def __call__(self, text: str, *, watch: Watch = unwatched) -> list[Tag]:
        tags: list[Tag] = []
        for start, end in windows(text, longest=self._longest(text)):
            watch(start, len(text))
            tags += self._tags(text[start:end], start)
        return tags

    def _longest(self, text: str) -> int:
        """Characters of this text that the model reads for its best price: words of another language than the model's
        are cut into more pieces, each of which looks at all others.
        """
        sample = text[:SAMPLE]
        pieces = len(self._tokenizer.encode(sample, add_special_tokens=False).ids)
        return max(SHORTEST, min(LONGEST, WELL_READ * len(sample) // max(1, pieces)))

    def _tags(self, text: str, offset: int) -> Iterator[Tag]:
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        if not encoding.ids:
            return
        probabilities = self._probabilities(encoding.ids)
        for start, end, mean in _words(encoding, probabilities):
            best = int(mean[1:].argmax()) + 1
            if 1 - mean[0] >= FAINT:
                yield Tag(offset + start, offset + end, self._labels[best], round(float(1 - mean[0]), 3))

    def _probabilities(self, ids: list[int]) -> Probabilities:
        """float32[tokens, 1 + labels]: of each token the probability of nothing, then of each label."""
        parts = [self._run(ids[at : at + MAX_TOKENS]) for at in range(0, len(ids), MAX_TOKENS)]
        scores = np.concatenate(parts)
        raised = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(raised / raised.sum(axis=1, keepdims=True) @ self._joined, dtype=np.float32)

    def _run(self, ids: list[int]) -> Probabilities:
        row = np.array([[*self._before, *ids, *self._behind]], dtype=np.int64)
        inputs = {"input_ids": row, "attention_mask": np.ones_like(row), "token_type_ids": np.zeros_like(row)}
        (scores, *_) = self._session.run(None, {name: value for name, value in inputs.items() if name in self._inputs})
        return np.asarray(scores[0, len(self._before) : len(self._before) + len(ids)], dtype=np.float32)


def _words(encoding: Encoding, probabilities: Probabilities) -> Iterator[tuple[int, int, Probabilities]]:
    """Each word (start, end) with the mean over its tokens: a name is a name whole, however rare its syllables."""
    offsets, numbers = encoding.offsets, encoding.word_ids
    first = 0
    for at in range(1, len(numbers) + 1):
        if at == len(numbers) or numbers[at] != numbers[first]:
            yield offsets[first][0], offsets[at - 1][1], probabilities[first:at].mean(axis=0)
            first = at


def _marks(tokenizer: Tokenizer) -> tuple[list[int], list[int]]:
    """The tokens that this model wants before and behind a text."""
    encoding = tokenizer.encode("a")
    inside = [at for at, special in enumerate(encoding.special_tokens_mask) if not special]
    return encoding.ids[: inside[0]], encoding.ids[inside[-1] + 1 :]


def _columns(found: Sequence[Label | None]) -> tuple[list[Label], Probabilities]:
    """The labels in order, from place 1, and the matrix that adds a label's B- and I- to one column."""
    labels = list(dict.fromkeys(label for label in found if label is not None))
    joined = np.zeros((len(found), len(labels) + 1), dtype=np.float32)
    for row, label in enumerate(found):
        joined[row, 0 if label is None else labels.index(label) + 1] = 1
    return [labels[0], *labels], joined
