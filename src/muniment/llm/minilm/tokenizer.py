"""BERT's uncased WordPiece tokenizer, built from the vendored vocabulary: no hub, no cache, no download."""

from collections.abc import Sequence
from importlib.resources import files

from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

PAD, UNKNOWN, START, END = "[PAD]", "[UNK]", "[CLS]", "[SEP]"


class WordPiece:
    """Texts to token ids with the two marks BERT was trained with. Safe to share between threads."""

    def __init__(self) -> None:
        lines = (files(__package__) / "vocab.txt").read_text(encoding="utf-8").splitlines()
        vocabulary = {token: number for number, token in enumerate(lines)}
        self.pad = vocabulary[PAD]
        self._end = vocabulary[END]
        tokenizer = Tokenizer(models.WordPiece(vocab=vocabulary, unk_token=UNKNOWN, max_input_chars_per_word=100))
        tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
        tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        tokenizer.post_processor = processors.TemplateProcessing(
            single=f"{START} $A {END}", special_tokens=[(START, vocabulary[START]), (END, self._end)]
        )
        # The marks are not made known as added tokens: a document that spells "[SEP]" means five characters by it.
        self._tokenizer = tokenizer

    def encode(self, texts: Sequence[str], *, limit: int) -> list[list[int]]:
        """Ids of each text, marks included, cut to `limit`."""
        rows = [encoding.ids for encoding in self._tokenizer.encode_batch_fast(list(texts))]
        return [row if len(row) <= limit else [*row[: limit - 1], self._end] for row in rows]

    def count(self, texts: Sequence[str]) -> list[int]:
        return [len(encoding) for encoding in self._tokenizer.encode_batch_fast(list(texts))]
