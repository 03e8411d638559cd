"""RTF as a word processor shows it: headings, lists, tables, notes; hidden and deleted words listed, not read."""

import pytest

from muniment.ingest.errors import ParseError, Reason
from muniment.ingest.parsing.reader import read
from muniment.ingest.types import BlockKind, ExtractedDocument, HiddenBy, LeftOut, LeftOutKind, Limits

HEAD = r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}{\f1\fcharset204 Times;}}{\stylesheet{\s1 heading 1;}}"


def _read(body: str, tail: str = "}") -> ExtractedDocument:
    data = f"{HEAD}{body}{tail}".encode("latin-1")
    return read(data, name_hint="a.rtf", limits=Limits(), on_progress=lambda _done, _total: None)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (r"caf\'e9", "café"),
        (r"\u8364?uro", "€uro"),
        (r"\uc2\u8364\'80\'80uro", "€uro"),
        (r"\u-10179?\u-8704?", "😀"),
        (r"\f1\'cf\'f0\f0\'e9", "Прé"),
        (r"a\emdash b\~c\_d", "a\u2014b c-d"),
        (r"\{x\\\}", "{x\\}"),
        ("one\r\ntwo", "onetwo"),
        (r"a{\pict\bin3 }}}b}c", "ac"),
        (r"{\field{\*\fldinst HYPERLINK x}{\fldrslt here}}", "here"),
        (r"a{\*\unknown b}c", "ac"),
    ],
)
def test_characters(body: str, text: str) -> None:
    assert _read(body).text == text


def test_headings_lists_tables_and_notes() -> None:
    document = _read(
        r"{\info{\title Rules}}\pard\s1 Wards\par\pard Two{\footnote At a time.} visitors.\par"
        r"{\listtext 1.\tab}Wash.\par\trowd\pard\intbl Ward\cell Hours\cell\row"
        r"\pard\intbl Surgery\cell 10\par to 12\cell\row\pard End.\par"
    )
    found = [(block.kind, document.text[block.start : block.end]) for block in document.blocks]
    assert document.title == "Rules"
    assert found == [
        (BlockKind.HEADING, "Wards"),
        (BlockKind.PARAGRAPH, "Two visitors."),
        (BlockKind.LIST_ITEM, "1.\tWash."),
        (BlockKind.TABLE, "Ward | Hours\nSurgery | 10 to 12"),
        (BlockKind.PARAGRAPH, "End."),
        (BlockKind.PARAGRAPH, "At a time."),
    ]


def test_what_is_not_shown_is_listed() -> None:
    document = _read(r"Open{\v secret}{\deleted gone}{\*\annotation Check this.}.")
    assert document.text == "Open."
    assert set(document.left_out) == {
        LeftOut(LeftOutKind.HIDDEN, "", "secret", hidden_by=HiddenBy.FORMAT),
        LeftOut(LeftOutKind.CHANGE, "", "gone"),
        LeftOut(LeftOutKind.COMMENT, "", "Check this."),
    }


@pytest.mark.parametrize(
    ("body", "tail", "reason"),
    [
        ("cut", "", Reason.DAMAGED),
        ("more", "}}", Reason.DAMAGED),
        ("{" * 600 + "x" + "}" * 600, "}", Reason.TOO_DEEP),
        (r"{\pict 00}", "}", Reason.NO_TEXT),
    ],
)
def test_what_cannot_be_read_says_why(body: str, tail: str, reason: Reason) -> None:
    with pytest.raises(ParseError) as caught:
        _read(body, tail)
    assert caught.value.reason is reason
