"""Encodings, directions, ligatures, soft hyphens and line ends: the words come out as they are meant."""

import pytest

from muniment.ingest.parsing.reader import read
from muniment.ingest.types import ExtractedDocument, Limits
from tests.ingest import files

GERMAN = "Die Prüfung der Größe dauert länger als früher, sagt der Müller aus Köln."
HEBREW = "השער נפתח בבוקר ונסגר בערב"


def _read(data: bytes, name: str = "a.txt") -> ExtractedDocument:
    return read(data, name_hint=name, limits=Limits(), on_progress=lambda _done, _total: None)


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", "cp1252"]
)
def test_an_encoding_is_told_by_its_bytes(encoding: str, name: str) -> None:
    text = f"<!doctype html><p>{GERMAN}</p>" if name == "a.html" else GERMAN
    assert _read(text.encode(encoding), name).text == GERMAN


def test_an_encoding_may_be_declared() -> None:
    page = "<!doctype html><meta charset=windows-1251><p>Статья первая</p>".encode("cp1251")
    assert _read(page, "a.html").text == "Статья первая"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\x85"])
def test_every_line_end_is_a_line_feed(end: str) -> None:
    assert _read(f"First line here{end}second line here.".encode()).text == "First line here\nsecond line here."


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html"])
def test_right_to_left_is_kept_in_its_order(name: str) -> None:
    text = f"<!doctype html><p>{HEBREW}</p>" if name == "a.html" else HEBREW
    assert _read(text.encode(), name).text == HEBREW
    assert _read(files.word([("Normal", HEBREW)]), "a.docx").text == HEBREW


@pytest.mark.parametrize("hidden", ["\u00ad", "\u200b", "\ufeff", "\u202e", "\U000e0041"])
def test_what_nobody_sees_splits_no_word(hidden: str) -> None:
    text = f"The con{hidden}stitution stands."
    assert _read(text.encode()).text == "The constitution stands."
    assert _read(files.word([("Normal", text)]), "a.docx").text == "The constitution stands."


def test_a_hyphen_at_the_end_of_a_line_of_a_pdf_joins_its_word() -> None:
    lines = "The quick brown fox of the monastery has a long consti-\ntution and keeps it for all of the years to come."
    assert "constitution" in _read(files.pdf([lines]), "a.pdf").text
    assert "Anglo-Saxon" in _read(files.pdf([lines.replace("consti-\ntution", "Anglo-\nSaxon")]), "a.pdf").text


def test_joiners_and_ligatures_stay() -> None:
    text = "ﬁnal oﬃce \u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"
    assert _read(text.encode()).text == text
