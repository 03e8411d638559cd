"""The extracted and the working text of a document: the way there and back, over blocks and pages, and what is kept."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from muniment.agents.types import Masking, MaskingMode
from muniment.core.errors import CorruptedError
from muniment.core.ids import id_bytes, new_id
from muniment.ingest.beside import Mark, MarkKind, RecognisedWord
from muniment.ingest.masking import Mask, hide, mask_of, working
from muniment.ingest.types import Block, BlockKind, ExtractedDocument, LeftOut, LeftOutKind
from muniment.pii.standins import masked, stand_ins
from muniment.pii.types import PiiClass, Selection, Span
from muniment.silo.sealed import Record

STAND_INS = Masking(MaskingMode.STAND_INS, Selection(), "stamp", stand_ins(b"k" * 32))
MASKS = Masking(MaskingMode.MASK, Selection(), "other", masked)
KINDS = st.sampled_from([PiiClass.PERSON, PiiClass.EMAIL, PiiClass.CARD])


def document(
    text: str, blocks: list[tuple[int, int]], pages: list[tuple[int, int]], **more: object
) -> ExtractedDocument:
    facts = {"title": None, "language": "en", "media_type": "application/pdf", "words": len(text.split())}
    made = tuple(Block(BlockKind.PARAGRAPH, 0, start, end) for start, end in blocks)
    return ExtractedDocument(text=text, blocks=made, pages=tuple(pages), **facts | more)  # type: ignore[arg-type]


@st.composite
def cut(draw: st.DrawFn) -> tuple[ExtractedDocument, list[Span]]:
    """A text of a few blocks, on pages, with finds anywhere, over borders too."""
    parts = draw(st.lists(st.text("abAB ", min_size=1, max_size=12).map(lambda words: f"x{words}y"), min_size=1))
    text = "\n\n".join(parts)
    starts = [sum(len(part) + 2 for part in parts[:number]) for number in range(len(parts))]
    blocks = [(start, start + len(part)) for start, part in zip(starts, parts, strict=True)]
    turns = sorted(draw(st.sets(st.sampled_from(starts), max_size=3)) - {0})
    pages = list(pairwise([0, *turns, len(text)]))
    borders = sorted(draw(st.sets(st.integers(0, len(text)), max_size=12)))
    pairs = zip(borders[::2], borders[1::2], strict=False)
    return document(text, blocks, pages), [Span(start, end, draw(KINDS), 1.0) for start, end in pairs]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cut(), st.data())
def test_every_working_span_says_what_the_extracted_one_does(
    made: tuple[ExtractedDocument, list[Span]], data: st.DataObject
) -> None:
    text, spans = made
    mask = mask_of(text, spans, STAND_INS)
    after = mask.applied(text.text)
    start = data.draw(st.integers(0, len(after) - 1))
    end = data.draw(st.integers(start + 1, len(after)))
    there = mask.offsets.to_extracted(start, end)
    assert mask.undone(start, end, after[start:end]) == text.text[slice(*there)]
    assert mask.undone(0, len(after), after) == text.text


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cut())
def test_blocks_and_pages_keep_their_order_and_their_words(made: tuple[ExtractedDocument, list[Span]]) -> None:
    text, spans = made
    mask = mask_of(text, spans, STAND_INS)
    after = working(text, mask)
    assert ExtractedDocument.from_bytes(after.to_bytes()) == after  # which believes nothing
    assert after.pages[-1][1] == len(after.text)
    for before, block in zip(text.blocks, after.blocks, strict=True):
        assert (
            mask.undone(block.start, block.end, after.text[block.start : block.end])
            == (text.text[before.start : before.end])
        )


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cut())
def test_nothing_that_was_found_is_left_but_blanks(made: tuple[ExtractedDocument, list[Span]]) -> None:
    text, spans = made
    mask = mask_of(text, spans, STAND_INS)
    hidden = {at for place in mask.places for at in range(place.start, place.end)}
    found = {at for span in spans for at in range(span.start, span.end)}
    assert hidden <= found
    assert not "".join(text.text[at] for at in sorted(found - hidden)).strip()


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cut())
def test_it_is_stored_and_read_back(made: tuple[ExtractedDocument, list[Span]]) -> None:
    mask = mask_of(*made, STAND_INS)
    assert Mask.from_record(mask.to_record(new_id())) == mask


BROKEN = [
    b"",
    b"{}",
    b"[1, [[1, 2]]]",
    b"[2, []]",
    b'[1, [[3, 5, "person", "a", "b"], [4, 6, "person", "a", "b"]]]',
    b'[1, [[0, 1, "nobody", "a", "b"]]]',
]


@pytest.mark.parametrize("rows", BROKEN)
def test_what_cannot_have_been_written_is_refused(rows: bytes) -> None:
    identifier = new_id()
    with pytest.raises(CorruptedError):
        Mask.from_record(Record(id_bytes(identifier), identifier, rows))


def test_a_name_over_the_end_of_a_page_is_replaced_on_both() -> None:
    text = document("Signed by Margaret\n\nHolloway in May.", [(0, 18), (20, 36)], [(0, 20), (20, 36)])
    after = working(text, mask_of(text, [Span(10, 28, PiiClass.PERSON, 1.0)], STAND_INS))
    whole = STAND_INS.stand_in(PiiClass.PERSON, "Margaret Holloway").split()
    assert after.text == f"Signed by {whole[0]}\n\n{whole[1]} in May."


LETTER = "Dear colleagues,\n\nplease welcome Dr. Margaret Holloway, m.holloway@example.org, to the ward."


def _letter() -> ExtractedDocument:
    left_out = (LeftOut(LeftOutKind.COMMENT, "Margaret Holloway", "Ask Margaret Holloway first."),)
    return document(LETTER, [(0, 16), (18, len(LETTER))], [], title="About Dr. Margaret Holloway", left_out=left_out)


def test_title_and_name_are_masked_like_the_text() -> None:
    hidden = hide(_letter(), name="2024_Holloway-contract.pdf", masking=STAND_INS)
    surname = STAND_INS.stand_in(PiiClass.PERSON, "Holloway")
    assert hidden.name == f"2024_{surname}-contract.pdf"
    assert hidden.working.title == f"About Dr. {STAND_INS.stand_in(PiiClass.PERSON, 'Margaret Holloway')}"
    assert hidden.text == _letter()
    assert hidden.mask.pairs()[surname] == "Holloway"


def test_where_masking_cannot_be_undone_nothing_of_it_is_kept() -> None:
    hidden = hide(_letter(), name="Holloway.pdf", masking=MASKS)
    kept = hidden.text.to_bytes() + hidden.mask.to_record(new_id()).content + hidden.name.encode()
    assert b"olloway" not in kept
    assert b"Margaret" not in kept
    assert hidden.text.left_out[0].text == "Ask [PERSON] first."


@pytest.mark.parametrize("masking", [STAND_INS, MASKS])
def test_marks_go_with_their_words_and_places_on_a_picture_go(masking: Masking) -> None:
    words = LETTER.rsplit(maxsplit=1)[-1]
    at = LETTER.rindex(words)
    mark = Mark(MarkKind.COMMAND, None, at, at + len(words))
    picture = RecognisedWord(at, at + len(words), 1, 1, 2, 2)
    hidden = hide(replace(_letter(), marks=(mark,), recognised=(picture,)), name="a.png", masking=masking)
    (moved,) = hidden.working.marks
    assert hidden.working.text[moved.start : moved.end] == words
    assert hidden.working.recognised == ()
    assert ExtractedDocument.from_bytes(hidden.text.to_bytes()) == hidden.text


def test_without_masking_nothing_is_touched() -> None:
    off = Masking(MaskingMode.OFF, Selection(), "", masked)
    hidden = hide(_letter(), name="Holloway.pdf", masking=off)
    assert (hidden.text, hidden.working, hidden.mask, hidden.name) == (_letter(), _letter(), Mask(), "Holloway.pdf")
