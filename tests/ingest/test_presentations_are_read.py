"""PPTX and ODP: slides are pages, the title first; notes and hidden slides are listed and not read."""

import io

import pptx
import pytest
from pptx.util import Inches

from muniment.ingest.errors import ParseError, Reason
from muniment.ingest.parsing.reader import read
from muniment.ingest.types import BlockKind, ExtractedDocument, HiddenBy, LeftOut, LeftOutKind, Limits, Unit
from tests.ingest import office

SLIDES = [("Parking", ["Two euros per hour.", "Free for staff."]), ("Secret", ["Unseen."]), ("Hours", ["From 14:00."])]
FRAME = '<draw:frame presentation:class="{}"><draw:text-box><text:p>{}</text:p></draw:text-box></draw:frame>'


def _read(data: bytes, limits: Limits | None = None) -> ExtractedDocument:
    return read(data, name_hint="", limits=limits or Limits(), on_progress=lambda _done, _total: None)


def _check(found: ExtractedDocument) -> None:
    assert found.text.split("\n\n") == ["Parking", "Two euros per hour.", "Free for staff.", "Hours", "From 14:00."]
    assert len(found.pages) == 3
    assert found.page_of(found.text.index("Free")) == 1
    assert found.page_of(found.text.index("Hours")) == found.page_of(found.text.index("14:00")) == 3
    headings = [found.text[one.start : one.end] for one in found.blocks if one.kind is BlockKind.HEADING]
    assert headings == ["Parking", "Hours"]
    assert LeftOut(LeftOutKind.NOTE, "", "Say it slowly.", Unit.SLIDE, 1) in found.left_out
    (hidden,) = (one for one in found.left_out if one.kind is LeftOutKind.HIDDEN)
    assert (hidden.unit, hidden.number, hidden.hidden_by) == (Unit.SLIDE, 2, HiddenBy.PART)
    assert "Unseen." in hidden.text


def test_of_powerpoint() -> None:
    _check(_read(office.presentation(SLIDES, hidden=[2], note="Say it slowly.")))


def test_of_opendocument() -> None:
    slides = "".join(
        f'<draw:page draw:style-name="s{number}">{FRAME.format("title", title)}'
        + "".join(FRAME.format("outline", line) for line in lines)
        + (f"<presentation:notes>{FRAME.format('notes', 'Say it slowly.')}</presentation:notes>" if number == 1 else "")
        + "</draw:page>"
        for number, (title, lines) in enumerate(SLIDES, start=1)
    )
    hides = (
        '<style:style style:name="s2"><style:drawing-page-properties presentation:visibility="hidden"/></style:style>'
    )
    _check(_read(office.odf("presentation", slides, styles=hides)))


def test_tables_groups_and_boxes() -> None:
    made = pptx.Presentation()
    slide = made.slides.add_slide(made.slide_layouts[5])
    table = slide.shapes.add_table(2, 2, 0, 0, Inches(4), Inches(1)).table
    for at, words in enumerate(["Ward", "Hours", "Surgery", "10 to 12"]):
        table.cell(at // 2, at % 2).text = words
    slide.shapes.add_group_shape().shapes.add_textbox(0, 0, 9, 9).text_frame.text = "In a group."
    slide.shapes.title.text = "Wards"
    out = io.BytesIO()
    made.save(out)
    found = _read(out.getvalue())
    assert found.text == "Wards\n\nWard | Hours\nSurgery | 10 to 12\n\nIn a group."


def test_too_many_slides_are_refused() -> None:
    with pytest.raises(ParseError) as caught:
        _read(office.presentation(SLIDES), Limits(max_pages=2))
    assert caught.value.reason is Reason.TOO_MANY_PAGES
