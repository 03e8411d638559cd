"""Files made for tests: PDFs by hand, so that every word's page is known; DOCX by python-docx and zipfile."""

import io
import zipfile
from collections.abc import Sequence

import docx

WIDTH = 90
"""Characters of a line that fit a page."""


def pdf(
    pages: Sequence[str], *, title: str = "", encrypted: bool = False, picture: bool = False, remark: str = ""
) -> bytes:
    """One page for each text, one line for each line of it, in Helvetica; ASCII and the rest of WinAnsi."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    objects.append(
        b"<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>"
        b"stream\n\x80\nendstream"
    )
    kids = []
    for text in pages:
        content = b"q 500 0 0 500 50 50 cm /I Do Q" if picture else _content(text)
        objects.append(b"<</Length %d>>stream\n%b\nendstream" % (len(content), content))
        kids.append(len(objects) + 1)
        resources = b"<</Font<</F 3 0 R>>/XObject<</I 4 0 R>>>>"
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R/Resources%b%b>>"
            % (
                len(objects),
                resources,
                b"/Annots[<</Type/Annot/Subtype/Text/Rect[9 9 19 19]/Contents(%b)>>]" % remark.encode()
                if remark
                else b"",
            )
        )
    objects[1] = b"<</Type/Pages/Kids[%b]/Count %d>>" % (b" ".join(b"%d 0 R" % kid for kid in kids), len(kids))
    trailer = b"/Root 1 0 R"
    if title:
        objects.append(b"<</Title(%b)>>" % title.encode("cp1252"))
        trailer += b"/Info %d 0 R" % len(objects)
    if encrypted:
        objects.append(b"<</Filter/Standard/V 1/R 2/P -44/O<%b>/U<%b>>>" % (b"ab" * 32, b"cd" * 32))
        trailer += b"/Encrypt %d 0 R/ID[<%b><%b>]" % (len(objects), b"12" * 16, b"12" * 16)
    return numbered(objects, trailer)


def _content(text: str) -> bytes:
    lines = []
    for number, line in enumerate(text.split("\n")):
        shown = line.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
        lines.append(b"BT /F 10 Tf 50 %d Td (%b) Tj ET" % (800 - 14 * number, shown))
    return b"\n".join(lines)


def numbered(objects: Sequence[bytes], trailer: bytes) -> bytes:
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<</Size %d%b>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, start)
    return bytes(out)


def word(paragraphs: Sequence[tuple[str, str]], *, table: Sequence[Sequence[str]] = ()) -> bytes:
    """A DOCX of (style, text) paragraphs, and a table after them."""
    document = docx.Document()
    for style, text in paragraphs:
        document.add_paragraph(text, style)
    if table:
        grid = document.add_table(len(table), len(table[0]))
        for row, cells in enumerate(table):
            for column, text in enumerate(cells):
                grid.cell(row, column).text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def with_part(package: bytes, name: str, content: bytes, *, replace: bool = True) -> bytes:
    """The same package with one part more, or with another content for one it has."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            if not (replace and member.filename == name):
                new.writestr(member, old.read(member))
        new.writestr(name, content)
    return out.getvalue()


def body(package: bytes) -> bytes:
    """word/document.xml of a DOCX."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return archive.read("word/document.xml")
