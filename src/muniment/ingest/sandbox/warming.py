"""Loads before the first fork what parsers load on first use: behind the walls no file opens any more.

Every format is read once, from samples made here, so that codecs, models, style sheets and tables are in memory.
"""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Mapping

import docx
from PIL import Image

from muniment.ingest.parsing.attachments import known_attachments
from muniment.ingest.parsing.bundle import unpack
from muniment.ingest.parsing.encoding import load_codecs
from muniment.ingest.parsing.pdf import page_layout, render_page
from muniment.ingest.parsing.picture import FORMATS, render_picture
from muniment.ingest.parsing.reader import read
from muniment.ingest.types import Limits

_PROSE = "The quick brown fox jumps over the lazy dog, and everybody in the village talks about it until the evening. "
_MARKDOWN = f"# Heading\n\n{_PROSE}\n\n1. one\n\n| a | b |\n|---|---|\n| c | d |\n\n```\ncode\n```\n\n<p>html</p>\n"
_HTML = f"<!doctype html><title>t</title><h1>h</h1><p>{_PROSE}</p><table><tr><td>a<td>b</table><ol><li>x</ol>"
_PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj
4 0 obj<</Length 34>>stream
BT /F 9 Tf 9 50 Td (warm up) Tj ET
endstream endobj
5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj
trailer<</Root 1 0 R>>
%%EOF
"""
_RTF = r"{\rtf1\ansi\ansicpg1251{\fonttbl{\f1\fcharset128 F;}}\f1\'83\'65\f0\'e9\u233?\par}"
_MAIL = b"""From: =?iso-8859-1?q?J=F6rg?= <a@example.org>
Subject: =?utf-8?b?w7xiZXI=?= =?x-unknown?q?a?=
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=m

--m
Content-Transfer-Encoding: quoted-printable

gr=C3=BC=C3=9Fe
--m
Content-Type: text/html; charset=iso-8859-1
Content-Transfer-Encoding: base64

PHA+4SBwYXJhZ3JhcGg8L3A+
--m
Content-Type: text/plain
Content-Transfer-Encoding: x-uuencode

begin 644 a
#0V%T
end
--m
Content-Type: application/pdf
Content-Disposition: attachment; filename*=utf-8''a%20b.pdf

--m--
"""
_TEXTS = {
    "a.txt": _PROSE,
    "a.md": _MARKDOWN,
    "a.html": _HTML,
    "a.csv": "name,value\nfirst,1\nsecond,2\n",
    "a.json": '{"list": [{"name": "first", "value": 1.5}]}',
    "a.jsonl": '{"name": "first"}\n{"name": "second"}\n',
    "a.srt": "1\n00:00:01,000 --> 00:00:02,000\n<i>Words &amp; more.</i>\n",
    "a.rtf": _RTF,
}
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_ODF = "urn:oasis:names:tc:opendocument:xmlns"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_IDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SLIDES = "http://schemas.openxmlformats.org/presentationml/2006/main"
_PACKAGES: Mapping[str, Mapping[str, str]] = {
    "a.xlsx": {
        "xl/workbook.xml": f'<workbook xmlns="{_SHEET}" xmlns:r="{_IDS}"><sheets><sheet name="s" r:id="a"/></sheets>'
        "</workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_RELATIONS}">'
        '<Relationship Id="a" Type="t/worksheet" Target="s.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{_SHEET}"><cellXfs><xf numFmtId="22"/></cellXfs></styleSheet>',
        "xl/s.xml": f'<worksheet xmlns="{_SHEET}"><sheetData><row><c s="0"><v>45000.5</v></c></row></sheetData>'
        "</worksheet>",
    },
    "a.pptx": {
        "ppt/presentation.xml": f'<p xmlns="{_SLIDES}" xmlns:r="{_IDS}"><sldIdLst><sldId r:id="a"/></sldIdLst></p>',
        "ppt/_rels/presentation.xml.rels": f'<Relationships xmlns="{_RELATIONS}">'
        '<Relationship Id="a" Type="t/slide" Target="s.xml"/></Relationships>',
        "ppt/s.xml": f'<sld xmlns="{_SLIDES}"><cSld><spTree><sp><txBody><p><t>words</t></p></txBody></sp></spTree>'
        "</cSld></sld>",
    },
    "a.odt": {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": f'<o:d xmlns:o="{_ODF}:office:1.0" xmlns:t="{_ODF}:text:1.0"><o:body><o:text><t:p>words</t:p>'
        "</o:text></o:body></o:d>",
    },
    "a.epub": {
        "META-INF/container.xml": '<container><rootfile full-path="b.opf"/></container>',
        "b.opf": '<package><manifest><item id="c" href="c.xhtml" media-type="application/xhtml+xml"/></manifest>'
        '<spine><itemref idref="c"/></spine></package>',
        "c.xhtml": "<html><body><p>words</p></body></html>",
    },
}


def warm_up() -> None:
    load_codecs()
    limits = Limits()
    samples = {name: text.encode() for name, text in _TEXTS.items()} | {
        "a.eml": _MAIL,
        "a.mbox": b"From a@example.org Tue Nov 24 10:00:00 2026\n" + _MAIL,
        "a.docx": _docx(),
        "a": _PDF,
        **{kind: _package(parts) for kind, parts in _PACKAGES.items()},
    }
    for name, data in samples.items():
        read(data, name_hint=name, limits=limits, on_progress=lambda _done, _total: None)
    for pack in (bytes, gzip.compress, bz2.compress, lzma.compress):
        unpack(pack(_tar()), 0, limits, attached=known_attachments)
    unpack(_package({"a/ä.txt": _PROSE, "a.eml": _MAIL.decode()}), 0, limits, attached=known_attachments)
    for kind in FORMATS:
        _warm_picture(kind, limits)
    render_page(_PDF, 1, 0.5, limits)
    page_layout(_PDF, 1, [(0, 4)])


def _warm_picture(kind: str, limits: Limits) -> None:
    """Loads its decoder; words there are none in it."""
    for mode in ("1", "RGB", "RGBA"):
        if mode == "RGBA" and kind == "JPEG":
            continue
        out = io.BytesIO()
        made = Image.new(mode, (9, 9))
        made.save(out, kind, **({"compression": "group4"} if (kind, mode) == ("TIFF", "1") else {}))
        render_picture(out.getvalue(), 1, 1.0, limits)


def _docx() -> bytes:
    document = docx.Document()
    document.add_heading("Heading", 1)
    document.add_paragraph(_PROSE)
    document.add_paragraph("one", "List Number")
    document.add_table(1, 2)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _tar() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        archive.addfile(tarfile.TarInfo("ä.txt"))
    return out.getvalue()


def _package(parts: Mapping[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()
