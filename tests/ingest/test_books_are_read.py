"""EPUB: chapters in the order of the spine; a protected book says that it is."""

import pytest

from muniment.ingest.errors import ParseError, Reason
from muniment.ingest.parsing.reader import read
from muniment.ingest.types import ExtractedDocument, Limits
from tests.ingest import office

CHAPTERS = ["<h1>Two</h1><p>After.</p>", "<h1>One</h1><p>Before.</p><p hidden=''>Unseen.</p>"]


def _read(data: bytes) -> ExtractedDocument:
    return read(data, name_hint="a.epub", limits=Limits(), on_progress=lambda _done, _total: None)


def test_chapters_in_order() -> None:
    found = _read(office.book(CHAPTERS, title="A book"))
    assert found.text == "Two\n\nAfter.\n\nOne\n\nBefore."
    assert (found.title, found.media_type) == ("A book", "application/epub+zip")


def test_the_order_is_the_spines() -> None:
    parts = office.parts_of(office.book(CHAPTERS))
    spine = b'<itemref idref="i0"/><itemref idref="i1"/>'
    assert spine in parts["OEBPS/book.opf"]
    turned = parts["OEBPS/book.opf"].replace(spine, b'<itemref idref="i1"/><itemref idref="i0"/>')
    assert _read(office.package({**parts, "OEBPS/book.opf": turned})).text.startswith("One")


def test_a_protected_book_is_told_and_one_with_protected_fonts_read() -> None:
    lock = "<encryption><EncryptedData><CipherReference URI='{}'/></EncryptedData></encryption>"
    with pytest.raises(ParseError) as caught:
        _read(office.book(CHAPTERS, extra={"META-INF/encryption.xml": lock.format("OEBPS/text/c1.xhtml")}))
    assert caught.value.reason is Reason.ENCRYPTED
    _read(office.book(CHAPTERS, extra={"META-INF/encryption.xml": lock.format("OEBPS/font.otf")}))


def test_a_chapter_outside_of_the_book_is_not_there() -> None:
    parts = office.parts_of(office.book(CHAPTERS))
    away = parts["OEBPS/book.opf"].replace(b"text/c0.xhtml", b"../../../etc/passwd")
    assert _read(office.package({**parts, "OEBPS/book.opf": away})).text.startswith("One")


def test_the_package_may_declare_nothing() -> None:
    parts = office.parts_of(office.book(CHAPTERS))
    declared = b"<!DOCTYPE p [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>" + parts["OEBPS/book.opf"]
    with pytest.raises(ParseError) as caught:
        _read(office.package({**parts, "OEBPS/book.opf": declared}))
    assert caught.value.reason is Reason.XML_DECLARATIONS
