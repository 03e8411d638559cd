"""Attacker: the author of a DOCX or of a page. Move: an XML document type that reads a file (XXE) or grows without
end (billion laughs), in any part and any encoding. Guarantee: G-62."""

from pathlib import Path

import pytest

from muniment.ingest.errors import ParseError, Reason
from muniment.ingest.parsing.reader import read
from muniment.ingest.types import ExtractedDocument, Limits
from tests.ingest import files

WORD = files.word([("Normal", "The charter was sealed.")])
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BILLION = f'<!DOCTYPE x [<!ENTITY l0 "laugh">{LAUGHS}]>'
FOREIGN = '<!DOCTYPE x [<!ENTITY l9 SYSTEM "file://%s">]>'


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret.txt"
    path.write_text("the root key")
    return path


def _read(data: bytes, name: str) -> ExtractedDocument:
    return read(data, name_hint=name, limits=Limits(), on_progress=lambda _done, _total: None)


def _declaring(declaration: str, encoding: str) -> bytes:
    xml = files.body(WORD).decode().split("?>", 1)[1].replace("The charter", "&l9; The charter")
    text = f'<?xml version="1.0" encoding="{encoding}"?>{declaration}{xml}'
    return files.with_part(WORD, "word/document.xml", text.encode(encoding))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("declaration", [BILLION, FOREIGN])
def test_a_word_document_that_declares_is_refused(declaration: str, encoding: str, secret: Path) -> None:
    package = _declaring(declaration.replace("%s", str(secret)), encoding)
    with pytest.raises(ParseError) as caught:
        _read(package, "a.docx")
    assert caught.value.reason is Reason.XML_DECLARATIONS
    assert "save it again" in str(caught.value)


def test_an_encoding_that_could_hide_a_declaration_is_refused() -> None:
    with pytest.raises(ParseError) as caught:
        _read(_declaring(BILLION, "utf-7"), "a.docx")
    assert caught.value.reason is Reason.MALFORMED


def test_the_same_document_without_it_is_read() -> None:
    assert _read(WORD, "a.docx").text == "The charter was sealed."


@pytest.mark.parametrize("part", ["word/styles.xml", "word/numbering.xml", "docProps/core.xml", "_rels/.rels"])
def test_no_part_may_declare(part: str) -> None:
    package = files.with_part(WORD, part, f"<?xml version='1.0'?>{BILLION}<x>&l9;</x>".encode())
    with pytest.raises(ParseError) as caught:
        _read(package, "a.docx")
    assert caught.value.reason is Reason.XML_DECLARATIONS


def test_a_page_that_declares_reads_no_file(secret: Path) -> None:
    declared = f"<!DOCTYPE html [<!ENTITY l9 SYSTEM 'file://{secret}'>]>"
    found = _read(f"{declared}<html><p>Before &l9; after it all.</p></html>".encode(), "a.html")
    assert "Before" in found.text
    assert "root key" not in found.text
