"""Server-sent events are the same however the wire cuts them: within a line end, a letter, a line."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.llm.errors import ModelUnavailableError
from muniment.llm.openai.event_stream import LONGEST, events

STREAM = (
    'data: {"a": "Grüße, 世界 🌍"}\n\n: comment\r\n\r\ndata: one\rdata: two\r\r'
    "event: x\nid: 1\ndata:three\n\ndata: [DONE]\n\n"
)
WHOLE = ['{"a": "Grüße, 世界 🌍"}', "one\ntwo", "three", "[DONE]"]


@pytest.mark.parametrize("size", range(1, 40))
def test_pieces_of_one_size(size: int) -> None:
    content = STREAM.encode()
    assert list(events(content[at : at + size] for at in range(0, len(content), size))) == WHOLE


@given(st.lists(st.integers(min_value=0, max_value=len(STREAM.encode()))))
def test_pieces_of_any_size(cuts: list[int]) -> None:
    content = STREAM.encode()
    places = [0, *sorted(cuts), len(content)]
    assert list(events(content[a:b] for a, b in itertools.pairwise(places))) == WHOLE


def test_what_breaks_off_is_no_event() -> None:
    assert list(events([b"data: one\n\ndata: tw"])) == ["one"]


def test_bytes_that_are_no_text_end_nothing() -> None:
    assert list(events([b"data: a\xffb\n\n"])) == ["a\ufffdb"]


@pytest.mark.parametrize("piece", [b"data: " + b"x" * 65536, b"data:\n" * 65536, b"x" * 65536])
def test_an_event_without_end_is_cut_off(piece: bytes) -> None:
    with pytest.raises(ModelUnavailableError):
        list(events(piece for _ in range(LONGEST // 65536 * 2)))
