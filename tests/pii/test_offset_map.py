"""The map between extracted and working text: exact outside of what was replaced, whole pieces inside of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.core.errors import CorruptedError
from muniment.pii.offsets import OffsetMap, offset_map, spliced
from muniment.pii.standins import StandIn
from muniment.pii.types import PiiClass, Span


@st.composite
def changes(draw: st.DrawFn) -> tuple[str, list[Span]]:
    text = draw(st.text("abc ", min_size=1, max_size=40))
    borders = sorted(draw(st.sets(st.integers(0, len(text)), max_size=10)))
    pairs = zip(borders[::2], borders[1::2], strict=False)
    return text, [Span(start, end, PiiClass.PERSON, 1.0) for start, end in pairs]


def _instead(_: PiiClass, words: str) -> str:
    """Longer or shorter, never nothing: what is replaced leaves something to click on."""
    return "#" * (1 + len(words) * 2 % 7)


def _changed(text: str, spans: list[Span], stand_in: StandIn) -> tuple[str, OffsetMap]:
    pieces = [(one.start, one.end, stand_in(one.kind, text[one.start : one.end])) for one in spans]
    return spliced(text, pieces), offset_map((start, end, len(instead)) for start, end, instead in pieces)


@given(changes(), st.data())
def test_what_was_not_replaced_is_found_again(change: tuple[str, list[Span]], data: st.DataObject) -> None:
    text, spans = change
    working, offsets = _changed(text, spans, _instead)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    moved = offsets.to_working(start, end)
    assert 0 <= moved[0] <= moved[1] <= len(working)
    if not any(span.start < end and start < span.end for span in spans) and start < end:
        assert working[slice(*moved)] == text[start:end]
        assert offsets.to_extracted(*moved) == (start, end)
    back = offsets.to_extracted(*moved)
    if start < end and moved[0] < moved[1]:
        assert back[0] <= start
        assert back[1] >= end


@given(changes())
def test_a_replaced_piece_maps_whole(change: tuple[str, list[Span]]) -> None:
    text, spans = change
    working, offsets = _changed(text, spans, lambda *_: "####")
    for span in spans:
        for at in range(span.start, span.end):
            start, end = offsets.to_working(at, at + 1)
            assert working[start:end] == "####"
            assert offsets.to_extracted(start + 1, start + 2) == (span.start, span.end)


@given(changes())
def test_it_is_stored_and_read_back(change: tuple[str, list[Span]]) -> None:
    offsets = _changed(*change, _instead)[1]
    assert OffsetMap.from_bytes(offsets.to_bytes()) == offsets


ONES = [b"", b"{}", b"[[1,2,3]]", b"[[0,1,0,-1]]", b"[[2,4,2,3],[3,5,3,4]]", b"[[1,2,0,1]]", b"[[1,1,1,2]]"]


@pytest.mark.parametrize("data", ONES)
def test_what_it_cannot_have_written_is_refused(data: bytes) -> None:
    with pytest.raises(CorruptedError):
        OffsetMap.from_bytes(data)


def test_an_empty_map_changes_nothing() -> None:
    assert offset_map([]).to_working(3, 7) == (3, 7)
