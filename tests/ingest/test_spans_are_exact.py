"""Whatever the format: every span gives its own words back, pages are the pages, equal bytes give equal documents."""

import json
import re
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.core.errors import CorruptedError
from muniment.ingest.chunking import LIMIT, chunk
from muniment.ingest.parsing.reader import read
from muniment.ingest.types import BlockKind, ExtractedDocument, LeftOut, LeftOutKind, Limits
from muniment.llm.minilm.tokenizer import WordPiece
from tests.ingest import files
from tests.ingest.encoders import FORMATS, RECORDS, Section

WORDS = WordPiece()
SECTIONS = st.lists(
    st.tuples(
        st.sampled_from(["Scope", "Parking rules", "Hygiene", "Visiting hours", "Lost property"]),
        st.lists(
            st.lists(st.text(string.ascii_lowercase + "äöüßéñ", min_size=1, max_size=12), min_size=3, max_size=60).map(
                lambda words: " ".join(words).capitalize() + "."
            ),
            min_size=1,
            max_size=4,
        ),
    ),
    min_size=1,
    max_size=4,
)


def _read(data: bytes, name: str) -> ExtractedDocument:
    return read(data, name_hint=name, limits=Limits(), on_progress=lambda _done, _total: None)


def _count(texts: list[str]) -> list[int]:
    return [count - 2 for count in WORDS.count(texts)]


@pytest.mark.parametrize("kind", FORMATS)
@settings(max_examples=25, deadline=None)
@given(sections=SECTIONS)
def test_every_span_gives_its_words_back(kind: str, sections: list[Section]) -> None:
    data, name = FORMATS[kind](sections)
    document = _read(data, name)
    assert ExtractedDocument.from_bytes(document.to_bytes()) == document == _read(data, name)
    said = " ".join(" ".join([title, *texts]) for title, texts in sections).split()
    assert "".join(document.text.split()) == "".join(said)
    _hold_everything(document)


@pytest.mark.parametrize("kind", RECORDS)
@settings(max_examples=25, deadline=None)
@given(sections=SECTIONS)
def test_every_span_of_a_record_gives_its_words_back(kind: str, sections: list[Section]) -> None:
    """Where a format adds words (names of columns, headers, times), what was written stands among them unbroken."""
    data, name = RECORDS[kind](sections)
    document = _read(data, name)
    assert ExtractedDocument.from_bytes(document.to_bytes()) == document == _read(data, name)
    shown = " ".join(document.text.split())
    for title, texts in sections:
        assert title in shown
        assert all(text in shown for text in texts)
    _hold_everything(document)


def test_what_an_older_program_stored_is_read() -> None:
    """Format 1 had no list of what was left out; 2 had entries of three fields in it, and no marks."""
    document = _read(b"The charter was sealed.", "a.txt")
    _, *fields = json.loads(document.to_bytes())
    first = fields[:-4]
    assert ExtractedDocument.from_bytes(json.dumps([1, *first]).encode()) == document
    older = ExtractedDocument.from_bytes(json.dumps([2, *first, [["note", "Slide 2", "Smile."]]]).encode())
    assert older.left_out == (LeftOut(LeftOutKind.NOTE, "Slide 2", "Smile."),)
    entry, mark = ["hidden", "", "x", "", 0, "tiny"], ["command", None, 0, 3]
    assert ExtractedDocument.from_bytes(json.dumps([3, *first, [entry], [mark], [], []]).encode()).marks
    for broken in (
        [2, *first],
        [1, *fields],
        [4, *fields],
        [3, *fields, []],
        [2, *first, [["attachment", 1, ""]]],
        [3, *first, [[*entry[:4], -1, ""]], [], []],
        [3, *first, [[*entry[:5], "magic"]], [], []],
        [3, *first, [], [["command", None, 3, 2]], []],
        [3, *first, [], [["command", None, 0, 99]], []],
        [3, *first, [], [["command", 1, 0, 3]], []],
        [3, *first, [], [mark] * 201, []],
        [3, *first, [], [], [1]],
        [3, *first, [], [], ["1"]],
    ):
        with pytest.raises(CorruptedError):
            ExtractedDocument.from_bytes(json.dumps(broken).encode())


def _hold_everything(document: ExtractedDocument) -> None:
    """Blocks and chunks each give the text at their place, and together all of it."""
    held = "".join(document.text[block.start : block.end] for block in document.blocks)
    assert "".join(held.split()) == "".join(document.text.split())
    chunks = chunk(document, count_tokens=_count)
    assert chunks == chunk(document, count_tokens=_count)
    covered: set[int] = set()
    for one in chunks:
        assert document.text[one.start : one.end] == one.text
        assert one.page == document.page_of(one.start)
        assert _count([one.embedded])[0] <= LIMIT
        covered |= set(range(one.start, one.end))
    assert {at for at, letter in enumerate(document.text) if not letter.isspace()} <= covered


@pytest.mark.parametrize("kind", ["html", "markdown", "docx", "rtf", "odt", "odp", "pptx", "epub"])
@settings(max_examples=10, deadline=None)
@given(sections=SECTIONS)
def test_a_heading_is_the_heading_of_its_chunks(kind: str, sections: list[Section]) -> None:
    data, name = FORMATS[kind](sections)
    document = _read(data, name)
    headings = [document.text[b.start : b.end] for b in document.blocks if b.kind is BlockKind.HEADING]
    assert headings == [title for title, _ in sections]
    for one in chunk(document, count_tokens=_count):
        above = [
            document.text[b.start : b.end]
            for b in document.blocks
            if b.kind is BlockKind.HEADING and b.start <= one.start
        ]
        assert not one.headings or above[-1] == one.headings[-1]


@settings(max_examples=25, deadline=None)
@given(pages=st.lists(st.integers(0, 3), min_size=1, max_size=8))
def test_every_word_of_a_pdf_is_on_its_page(pages: list[int]) -> None:
    """Pages may be empty; the words of each say which page they are of."""
    texts = [
        "\n".join(f"Paragraph {line} of page number{number} stands here." for line in range(lines))
        for number, lines in enumerate(pages, start=1)
    ]
    if not any(texts):
        texts[0] = "Paragraph 0 of page number1 stands here."
    document = _read(files.pdf(texts), "a.pdf")
    assert len(document.pages) == len(texts)
    for found in re.finditer(r"number(\d+)", document.text):
        assert document.page_of(found.start()) == int(found[1])
        first, last = document.pages[int(found[1]) - 1]
        assert first <= found.start() < found.end() <= last
    assert len(re.findall(r"number\d+", document.text)) == sum(text.count("Paragraph") for text in texts)


TABLE = [["Ward", "Visitors", "Hours"], ["Intensive", "two", "14:00 to 19:00"], ["Surgery", "three", "10:00 to 20:00"]]
ROWS = "Ward | Visitors | Hours\nIntensive | two | 14:00 to 19:00\nSurgery | three | 10:00 to 20:00"


@pytest.mark.parametrize("kind", ["html", "markdown", "docx"])
def test_the_cells_of_a_row_stand_on_one_line(kind: str) -> None:
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in TABLE)
    marked = [f"| {' | '.join(row)} |" for row in TABLE]
    data, name = {
        "html": (f"<!doctype html><table>{rows}</table>".encode(), "a.html"),
        "markdown": ("\n".join([marked[0], "|---|---|---|", *marked[1:]]).encode(), "a.md"),
        "docx": (files.word([], table=TABLE), "a.docx"),
    }[kind]
    document = _read(data, name)
    (table,) = (block for block in document.blocks if block.kind is BlockKind.TABLE)
    assert document.text[table.start : table.end] == ROWS
