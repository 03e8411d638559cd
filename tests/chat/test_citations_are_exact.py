"""Property: whatever the format, each sentence an answer can quote is the extracted text at its place, on its page."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.chat.answering.candidates import spans_of
from muniment.ingest.chunking import chunk
from muniment.ingest.parsing.html import parse_html
from muniment.ingest.parsing.plain import parse_plain
from muniment.ingest.types import ExtractedDocument, Limits
from muniment.silo.chunks import StoredChunk

PIECES = st.sampled_from(
    [
        "Visiting hours\n\n",
        "1.   The record shall contain:\n\n",
        "(a)\n\nthe name;\n\n",
        "It costs 2.50 €, e.g. for one. ",
        "Größe und Maß: \u201equer\u201c. ",
        "| a | b |\n",
        "x" * 400 + " ",
        "\U0001f600 e\u0301. ",
        "\r\n",
        "\u2028",
        "- soap\n",
        "Why? ",
    ]
)
TEXTS = st.lists(st.one_of(PIECES, st.text(max_size=40)), min_size=1, max_size=60).map("".join)


def _quotable(document: ExtractedDocument) -> int:
    seen = 0
    for piece in chunk(document, count_tokens=lambda texts: [len(text) // 4 + 1 for text in texts]):
        stored = StoredChunk(
            7,
            "d",
            piece.start,
            piece.end,
            piece.page,
            piece.headings,
            "",
            "en",
            "m",
            np.zeros(4, np.float32),
            piece.text,
        )
        read = StoredChunk.from_record(stored.to_record())
        for span in spans_of(read):
            assert document.text[span.start : span.end] == span.text
            assert read.page == document.page_of(read.start)
            seen += 1
    return seen


@settings(deadline=None, max_examples=60)
@given(TEXTS)
def test_of_text(text: str) -> None:
    _quotable(parse_plain(f"{text}\n\nEnd of it.".encode("utf-8", "ignore"), Limits()))


@settings(deadline=None, max_examples=40)
@given(TEXTS)
def test_of_a_web_page(text: str) -> None:
    page = "".join(f"<h2>{n}</h2><p>{part}</p>" for n, part in enumerate(text.split("\n\n")))
    _quotable(parse_html(f"<html><body>{page}<p>End of it.</p></body></html>".encode("utf-8", "ignore"), Limits()))


@pytest.mark.parametrize("text", ["Parking costs two euros. Staff park free.", "# A\n\nOne. Two.\n\n# B\n\nThree."])
def test_there_is_something_to_quote(text: str) -> None:
    assert _quotable(parse_plain(text.encode(), Limits())) >= 2
