"""Each says why in one sentence that ends with what to do; the files beside it are read; nothing is lost."""

import re

import pytest

from muniment.agents.services import create_agent
from muniment.ingest.documents import DocumentState
from muniment.ingest.errors import ParseError, Reason
from muniment.ingest.parsing.reader import read
from muniment.ingest.selectors import documents, original
from muniment.ingest.services import add_document, retry_documents
from muniment.ingest.types import ExtractedDocument, Limits
from muniment.jobs.services import run_due
from tests.cast import Person
from tests.ingest import files

GOOD = files.pdf(["The charter was sealed at Runnymede."])
GIF = b"GIF89a" + bytes(60)
WORD = files.word([("Normal", "The charter was sealed at Runnymede.")])
RUSSIAN = "Статья первая: каждый имеет право на защиту данных."
BAD = {
    "empty.pdf": (b"", Reason.EMPTY),
    "locked.pdf": (files.pdf(["secret"], encrypted=True), Reason.ENCRYPTED),
    "cut.pdf": (GOOD[: len(GOOD) * 9 // 10], Reason.DAMAGED),
    "start.pdf": (GOOD[:20], Reason.DAMAGED),
    "picture.pdf": (GIF, Reason.UNSUPPORTED),
    "scan.pdf": (files.pdf(["", ""], picture=True), Reason.SCANNED),
    "blank.pdf": (files.pdf([""]), Reason.NO_TEXT),
    "cut.docx": (WORD[: len(WORD) * 9 // 10], Reason.DAMAGED),
    "locked.docx": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), Reason.ENCRYPTED),
    "old.doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), Reason.UNSUPPORTED),
    "nonsense.docx": (files.with_part(WORD, "word/document.xml", b"<w:broken"), Reason.MALFORMED),
    "blanks.txt": (b" \n\t\n ", Reason.NO_TEXT),
    "noise.txt": (bytes(range(256)) * 20, Reason.UNKNOWN),
    "russian.txt": (RUSSIAN.encode("cp1251"), Reason.ENCODING),
    "program.txt": (b"\x7fELF" + bytes(100), Reason.UNSUPPORTED),
}  # fmt: skip


def _read(data: bytes, name: str, limits: Limits | None = None) -> ExtractedDocument:
    return read(data, name_hint=name, limits=limits or Limits(), on_progress=lambda _done, _total: None)


@pytest.mark.parametrize("name", BAD)
def test_the_reason_is_told(name: str) -> None:
    data, reason = BAD[name]
    with pytest.raises(ParseError) as caught:
        _read(data, name)
    assert caught.value.reason is reason
    sentence = str(caught.value)
    assert re.fullmatch(r"[A-Z][^!]+[;,] [^!]+\.", sentence), sentence  # what happened; what to do
    assert re.search(r"upload|save|remove|run|split|choose", sentence)


def test_the_same_files_unbroken_are_read() -> None:
    assert _read(GOOD, "a.pdf").text == _read(WORD, "a.docx").text == "The charter was sealed at Runnymede."


def test_a_picture_is_named() -> None:
    with pytest.raises(ParseError, match="This file is a GIF picture, which cannot be read here"):
        _read(GIF, "report.pdf")


def test_a_pdf_of_ten_thousand_pages_is_refused_before_it_is_read() -> None:
    many = files.pdf(["x"] * 10_000)
    with pytest.raises(ParseError, match="more pages than the limit of 5,000; split it"):
        _read(many, "a.pdf")
    assert len(_read(many, "a.pdf", Limits(max_pages=10_000)).pages) == 10_000


def test_too_much_text_is_refused_while_it_is_read() -> None:
    with pytest.raises(ParseError, match="more than 1,000 characters"):
        _read(b"A sentence of some words. " * 50, "a.txt", Limits(max_characters=1_000))


def test_too_many_paragraphs_are_refused_while_they_are_read() -> None:
    lines = b"One line.\n\n" * 1_001
    with pytest.raises(ParseError, match="more than 1,000 paragraphs; split it"):
        _read(lines, "a.txt", Limits(max_blocks=1_000))
    assert len(_read(lines, "a.txt", Limits(max_blocks=1_001)).blocks) == 1_001


@pytest.mark.django_db(transaction=True)
def test_they_hold_up_nobody_and_are_kept_for_another_try(alice: Person) -> None:
    agent = create_agent(actor=alice.actor, name="Mixed")
    for name, (data, _) in BAD.items():
        add_document(actor=alice.actor, agent=agent, name=name, source=[data])
    add_document(actor=alice.actor, agent=agent, name="good.pdf", source=[GOOD])
    run_due()
    found = {document.name: document for document in documents(alice.actor, agent)}
    assert found["good.pdf"].state is DocumentState.LIVE
    for name, (data, reason) in BAD.items():
        assert found[name].state is DocumentState.FAILED, name
        # A worker that recognises words finds none in the scan; without one it says that nothing here can.
        expected = {str(_error(data, name)), *([str(ParseError(Reason.NO_WORDS))] if name == "scan.pdf" else [])}
        assert found[name].error in expected, reason
        assert b"".join(original(alice.actor, agent, found[name].id)) == data
    retry_documents(actor=alice.actor, agent=agent, documents=[found["locked.pdf"].id])
    run_due()
    assert {document.state for document in documents(alice.actor, agent) if document.name == "locked.pdf"} == {
        DocumentState.FAILED
    }


def _error(data: bytes, name: str) -> ParseError:
    with pytest.raises(ParseError) as caught:
        _read(data, name)
    return caught.value
