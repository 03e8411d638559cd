"""Hostile files made from honest ones, of every format: mutated, cut, spliced, nested, mis-declared.

Deterministic: a seed gives the same file everywhere, so that what a test names can be made again.
"""

import io
import random
import zipfile
from collections.abc import Callable, Iterator, Mapping

from tests.ingest import office
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


def broken(rounds: range) -> Iterator[tuple[str, bytes]]:
    """(name, bytes): every format, so many times."""
    for name, data in SAMPLES.items():
        for seed in rounds:
            yield name, mutated(data, seed)
            if is_package(data):
                yield name, mutated_inside(data, seed)
        for share in (0.1, 0.5, 0.9, 0.99):
            yield name, data[: int(len(data) * share)]


def misdeclared() -> Iterator[tuple[str, bytes]]:
    """Every format under the name of every kind of text, and one format's bytes before another's."""
    datas = list(SAMPLES.values())
    for data in datas:
        for ending in ("a.csv", "a.json", "a.jsonl", "a.md", "a.html", "a.txt", ""):
            yield ending, data
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
