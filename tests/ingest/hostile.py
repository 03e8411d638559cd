"""Hostile files made from honest ones, of every format: mutated, cut, spliced, nested, mis-declared.

Deterministic: a seed gives the same file everywhere, so that what a test names can be made again.
"""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping

from PIL import ExifTags, Image

from tests.ingest import files, hiding, office, pictures
from tests.ingest.samples import SAMPLES

DEEP = 3_000
"""Levels: beyond Python's limit of calls and libxml2's of elements."""
MANY = 20_000
_TOKENS = [
    b"\x00",
    b"\xff\xff\xff\xff",
    b"\x7f\xff\xff\xff",
    b"-1",
    b"99999999999999999999",
    b"<!DOCTYPE a [<!ENTITY b 'c'>]>",
    b"&b;",
    b"%n%s",
    b"../../../../etc/passwd",
    b"file:///etc/passwd",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    b"{",
    b"}",
    b"[",
    b"\\bin99999999 ",
    b"\\u-99999?",
    b'"',
    b"-->",
    b"<a " + b"b" * 500 + b"=''>",
    b"endstream",
    b"]]>",
    b"\x1b[2J",
]


def mutated(data: bytes, seed: int) -> bytes:
    """A few bytes changed, cut out, doubled, or replaced by what parsers stumble over."""
    dice = random.Random(seed)  # noqa: S311 - the same file for the same seed is the point
    found = bytearray(data)
    for _ in range(dice.randint(1, 12)):
        at, length = dice.randrange(len(found) + 1), dice.randint(1, 64)
        match dice.randrange(5):
            case 0:
                found[at : at + 1] = bytes([dice.randrange(256)])
            case 1:
                del found[at : at + length]
            case 2:
                found[at:at] = found[at : at + length] * dice.randint(1, 50)
            case 3:
                found[at : at + length] = dice.choice(_TOKENS)
            case _:
                found[at:at] = dice.choice(_TOKENS)
    return bytes(found)


def mutated_inside(data: bytes, seed: int) -> bytes:
    """The same for a part of a package, packed anew: the archive is sound, what it holds is not."""
    parts = dict(sorted(office.parts_of(data).items()))
    dice = random.Random(seed)  # noqa: S311
    for name in dice.sample(list(parts), min(len(parts), 1 + seed % 2)):
        parts[name] = mutated(parts[name], seed)
    return office.package(parts)


def is_package(data: bytes) -> bool:
    return zipfile.is_zipfile(io.BytesIO(data)) and data.startswith(b"PK")


_SHEET = pictures.drawn(("Parking costs two euros.",)).resize((525, 225))
PICTURES: Mapping[str, bytes] = {
    **{name: pictures.picture(kind, _SHEET) for name, kind in pictures.KINDS.items()},
    "scan.pdf": pictures.scanned(("Parking costs two euros.",)),
}
"""One honest file of every format whose words are recognised."""
_TURNED = Image.Exif()
_TURNED[ExifTags.Base.Orientation] = 6
MORE_PICTURES: Mapping[str, bytes] = {
    "palette.png": pictures.picture("PNG", _SHEET.convert("P"), transparency=0),
    "deep.png": pictures.picture("PNG", _SHEET.convert("I;16")),
    "progressive.jpg": pictures.picture("JPEG", _SHEET.convert("CMYK"), progressive=True),
    "turned.jpg": pictures.picture("JPEG", _SHEET.rotate(90, expand=True), exif=_TURNED),
    "frames.webp": pictures.picture("WEBP", _SHEET, lossless=True, save_all=True, append_images=[_SHEET.rotate(90)]),
    **{f"{one}.tiff": pictures.picture("TIFF", _SHEET, compression=one) for one in ("tiff_lzw", "jpeg", "packbits")},
    "group4.tiff": pictures.picture("TIFF", _SHEET.convert("1"), compression="group4", save_all=True,
                                    append_images=[_SHEET.convert("1")]),
}  # fmt: skip
"""Their variants: other decoders of the same libraries."""


def broken(rounds: range, samples: Mapping[str, bytes] = SAMPLES) -> Iterator[tuple[str, bytes]]:
    """(name, bytes): every format, so many times."""
    for name, data in samples.items():
        for seed in rounds:
            yield name, mutated(data, seed)
            if is_package(data):
                yield name, mutated_inside(data, seed)
        for share in (0.1, 0.5, 0.9, 0.99):
            yield name, data[: int(len(data) * share)]


TEXTS = ("a.csv", "a.json", "a.jsonl", "a.md", "a.html", "a.txt", "")


def misdeclared(samples: Mapping[str, bytes] = SAMPLES, names: tuple[str, ...] = TEXTS) -> Iterator[tuple[str, bytes]]:
    """Every format under the name of every kind of text, and one format's bytes before another's."""
    datas = list(samples.values())
    for data in datas:
        for name in names:
            yield name, data
    for first, second in zip(datas, datas[1:] + datas[:1], strict=True):
        yield "a", first + second


def _odt(body: str) -> bytes:
    return office.odf("text", body)


def _slide(shape: str) -> bytes:
    parts = office.parts_of(SAMPLES["a.pptx"])
    space = "http://schemas.openxmlformats.org/presentationml/2006/main"
    parts["ppt/slides/slide1.xml"] = f'<sld xmlns="{space}"><cSld><spTree>{shape}</spTree></cSld></sld>'.encode()
    return office.package(parts)


def _sheet(rows: str) -> bytes:
    parts = office.parts_of(SAMPLES["a.xlsx"])
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    parts["xl/worksheets/sheet1.xml"] = f'<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'.encode()
    return office.package(parts)


def _around(start: str, end: str, words: str = "x", depth: int = DEEP) -> str:
    return start * depth + words + end * depth


def _message(depth: int) -> bytes:
    head = b"From: a@example.org\nTo: b@example.org\nContent-Type: message/rfc822\n\n"
    return head * depth + b"From: a@example.org\nSubject: x\n\nwords\n"


def _multipart(depth: int) -> bytes:
    parts = b"".join(b"--%d\nContent-Type: multipart/mixed; boundary=%d\n\n" % (at, at + 1) for at in range(depth))
    return b"From: a@example.org\nTo: b\nContent-Type: multipart/mixed; boundary=0\n\n" + parts


SHAPED: Mapping[str, Callable[[], bytes]] = {
    "deep.json": lambda: _around("[", "]").encode(),
    "wide.json": lambda: b'{"a":[' + b"[]," * MANY + b"1]}",
    "number.json": lambda: b'{"a":' + b"9" * MANY + b"}",
    "lone.json": lambda: rb'{"a":"\ud800","\udfff":"words"}',
    "deep.rtf": lambda: b"{\\rtf1 %b}" % _around("{", "}").encode(),
    "style.rtf": lambda: rb"{\rtf1{\stylesheet" + rb"{\s1 x;}" * MANY + rb"}words\par}",
    "bin.rtf": lambda: rb"{\rtf1 words\bin2147483647 }",
    "unicode.rtf": lambda: rb"{\rtf1\uc20" + rb"\u-10000" * MANY + rb"\par}",
    "quotes.csv": lambda: b"a,b\n" + b'"' * MANY,
    "columns.csv": lambda: b",".join([b"name"] * MANY) + b"\n" + b",".join([b"1"] * MANY),
    "cues.srt": lambda: b"1\n00:00:01,000 --> 00:00:02,000\n" + b"<" * MANY + b"{\\" * MANY,
    "deep.eml": lambda: _message(DEEP),
    "parts.eml": lambda: _multipart(DEEP),
    "header.eml": lambda: b"From: a@example.org\nTo: b\nSubject: " + b"=?utf-8?q?" * MANY + b"\n\nwords\n",
    "folded.eml": lambda: b"From: a@example.org\nTo: b\n" + b" x\n" * MANY + b"\nwords\n",
    "from.mbox": lambda: b"From a@b Tue Nov 24 10:00:00 2026\nFrom: a@example.org\nTo: b\n\n" * 2_000,
    "deep.odt": lambda: _odt(_around("<text:section>", "</text:section>", "<text:p>x</text:p>")),
    "spans.odt": lambda: _odt("<text:p>" + _around("<text:span>", "</text:span>", depth=200) + "</text:p>"),
    "blanks.odt": lambda: _odt(f'<text:p>x<text:s text:c="{"9" * 400}"/>y</text:p>'),
    "columns.ods": lambda: office.odf(
        "spreadsheet",
        "<table:table><table:table-column table:number-columns-repeated='999999999' table:visibility='collapse'/>"
        + office.row("a", "b") + "</table:table>",
    ),
    "rows.ods": lambda: office.odf(
        "spreadsheet",
        f"<table:table>{office.row('x' * 900, attributes='table:number-rows-repeated=' + chr(34) + '9' * 9 + chr(34))}"
        "</table:table>",
    ),
    "groups.pptx": lambda: _slide(_around("<grpSp>", "</grpSp>", depth=200)),
    "cells.xlsx": lambda: _sheet(
        '<row r="9999999"><c r="ZZZ9999999" t="s"><v>99999999</v></c><c r="A1"><v>x</v></c></row>'
    ),
    "columns.xlsx": lambda: _sheet('<row><c r="XFD1"><v>1</v></c></row>' * 400),
    "spine.epub": lambda: office.book(["<p>x</p>", "<div>" * DEEP]),
    "deep.html": lambda: _around("<div>", "</div>").encode(),
    "deep.md": lambda: _around("> ", "").encode(),
    "deep.zip": lambda: _in_itself(10),
}  # fmt: skip
"""What generators of random bytes rarely find: depth, width, repetition, numbers out of all bounds."""


def _in_itself(depth: int) -> bytes:
    data = b"words"
    for _ in range(depth):
        data = office.package({"a.zip" if data[:2] == b"PK" else "a.txt": data})
    return data


def _tiff(width: int, height: int, *, strips: int = 1, following: int = 0, samples: int = 1) -> bytes:
    """One directory with eight bytes of pixels; `following`: the place of the next one (8 is itself)."""
    entries = [(256, 4, width), (257, 4, height), (258, 3, 8), (259, 3, 1), (262, 3, 1), (273, 4, 0), (277, 3, samples),
               (278, 4, height // strips or 1), (279, 4, 8)]  # fmt: skip
    directory = struct.pack("<H", len(entries)) + b"".join(
        struct.pack("<HHII", tag, kind, 1, value if tag != 273 else 8 + 6 + 12 * len(entries))
        for tag, kind, value in entries
    )
    return b"II*\0" + struct.pack("<I", 8) + directory + struct.pack("<I", following) + bytes(8)


def _frames(count: int) -> bytes:
    dot = Image.new("1", (1, 1))
    return pictures.picture("TIFF", dot, save_all=True, append_images=[dot] * (count - 1))


def _resized(data: bytes, at: int, form: str, *values: int) -> bytes:
    """The picture with other numbers where it says how large it is."""
    size = struct.pack(form, *values)
    return data[:at] + size + data[at + len(size) :]


def _jpeg(width: int, height: int) -> bytes:
    data = PICTURES["a.jpg"]
    return _resized(data, data.index(b"\xff\xc0") + 5, ">HH", height, width)


def _png_with(kind: bytes, content: bytes) -> bytes:
    """A chunk of its own behind the head."""
    data = PICTURES["a.png"]
    chunk = struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
    return data[:33] + chunk + data[33:]


def _page(image: str, content: str = "q 50 0 0 50 0 0 cm /I Do Q", *, box: str = "0 0 50 50") -> bytes:
    """A PDF whose only page draws an object: `image` is its dictionary, whose bytes are a few zeros."""
    bytes_ = zlib.compress(bytes(1_000))
    return files.numbered([
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox[{box}]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>>".encode(),
        b"<</Length %d>>stream\n%b\nendstream" % (len(content), content.encode()),
        b"<</Type/XObject%b/Length %d>>stream\n%b\nendstream" % (image.encode(), len(bytes_), bytes_),
    ], b"/Root 1 0 R")  # fmt: skip


_IMAGE = "/Subtype/Image/ColorSpace/DeviceRGB/BitsPerComponent 8/Width {}/Height {}/Filter{}"
DRAWN: Mapping[str, Callable[[], bytes]] = {
    "wide.png": lambda: pictures.declared(2**31 - 1, 1),
    "text.png": lambda: _png_with(b"zTXt", b"a\0\0" + zlib.compress(bytes(200 * 2**20))),
    "profile.png": lambda: _png_with(b"iCCP", b"a\0\0" + zlib.compress(bytes(200 * 2**20))),
    "large.jpg": lambda: _jpeg(65_535, 65_535),
    "flat.jpg": lambda: _jpeg(65_535, 0),
    "marks.jpg": lambda: b"\xff\xd8" + b"\xff\xe1\0\x08Exif\0\0" * MANY + PICTURES["a.jpg"][2:],
    "large.webp": lambda: _resized(PICTURES["a.webp"], 26, "<HH", 16_383, 16_383),
    "large.tiff": lambda: _tiff(2**31 - 1, 2**31 - 1),
    "samples.tiff": lambda: _tiff(10, 10, samples=65_535),
    "strips.tiff": lambda: _tiff(1, 2**31 - 1, strips=2**31 - 1),
    "itself.tiff": lambda: _tiff(4, 2, following=8),
    "frames.tiff": lambda: _frames(600),
    "large.pdf": lambda: _page(_IMAGE.format(2**31 - 1, 2**31 - 1, "/FlateDecode")),
    "million.pdf": lambda: _page(_IMAGE.format(30_000, 30_000, "/FlateDecode")),
    "filters.pdf": lambda: _page(_IMAGE.format(10, 10, f"[{'/FlateDecode' * 500}]")),
    "fax.pdf": lambda: _page(_IMAGE.format(20_000, 20_000, "/CCITTFaxDecode/DecodeParms<</K -1/Columns 20000>>")),
    "jbig.pdf": lambda: _page(_IMAGE.format(20_000, 20_000, "/JBIG2Decode")),
    "mask.pdf": lambda: _page(_IMAGE.format(10, 10, "/FlateDecode/SMask 5 0 R")),
    "form.pdf": lambda: _page("/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</I 5 0 R>>>>/Filter/FlateDecode"),
    "box.pdf": lambda: _page(_IMAGE.format(10, 10, "/FlateDecode"), box="0 0 99999999 99999999"),
    "tags.pdf": lambda: hiding.tagged("words", *["/S/Div"] * DEEP, "/S/Figure/Alt(words)"),
}  # fmt: skip
"""Pictures and pages that decode to more than they weigh, say sizes out of all bounds, or hold themselves."""
