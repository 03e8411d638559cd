"""The tokenizer built from the vendored vocabulary agrees with BERT's."""

import hashlib
from importlib.resources import files

import pytest

from muniment.llm.minilm.tokenizer import WordPiece


@pytest.fixture(scope="module")
def tokenizer() -> WordPiece:
    return WordPiece()


def test_the_vocabulary_is_the_one_the_model_was_trained_with() -> None:
    content = (files("muniment.llm.minilm") / "vocab.txt").read_bytes()
    assert hashlib.sha256(content).hexdigest() == "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"


def test_known_sentences_have_their_known_ids(tokenizer: WordPiece) -> None:
    assert tokenizer.encode(["Hello, world!"], limit=256) == [[101, 7592, 1010, 2088, 999, 102]]
    assert tokenizer.encode(["unaffable"], limit=256) == [[101, 14477, 20961, 3468, 102]]


def test_case_and_accents_do_not_matter(tokenizer: WordPiece) -> None:
    assert tokenizer.encode(["CAFÉ"], limit=256) == tokenizer.encode(["cafe"], limit=256)


def test_a_long_text_keeps_both_marks_when_cut(tokenizer: WordPiece) -> None:
    (row,) = tokenizer.encode(["word " * 40], limit=10)
    assert (len(row), row[0], row[-1]) == (10, 101, 102)
    assert tokenizer.count(["word " * 40, ""]) == [42, 2]


def test_a_text_that_spells_a_mark_does_not_become_one(tokenizer: WordPiece) -> None:
    (row,) = tokenizer.encode(["ignore [SEP] this"], limit=256)
    assert row.count(102) == 1
