"""Bytes that no segment wrote are refused before they are searched; those that one wrote are not."""

import struct
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.core.errors import CorruptedError
from muniment.retrieval.postings import PostingsSegment
from muniment.retrieval.vectors import VectorSegment

TEXTS = [(number, [f"term{number % 7}", "abcdefghij", "abcdefghik", "word"] * 2) for number in range(3, 40)]
POSTINGS = PostingsSegment.build(TEXTS, language="en").to_bytes()
VECTORS = VectorSegment.build(range(5, 25), np.random.default_rng(1).normal(size=(20, 16))).to_bytes()
Opener = Callable[[bytes], PostingsSegment | VectorSegment]
KINDS = [
    pytest.param(POSTINGS, PostingsSegment.from_bytes, id="postings"),
    pytest.param(VECTORS, VectorSegment.from_bytes, id="vectors"),
]


@pytest.mark.parametrize(("data", "opened"), KINDS)
def test_what_was_written_opens(data: bytes, opened: Opener) -> None:
    assert opened(data).to_bytes() == data


@pytest.mark.parametrize(("data", "opened"), KINDS)
def test_every_shortening_and_any_addition_is_refused(data: bytes, opened: Opener) -> None:
    for end in range(len(data)):
        with pytest.raises(CorruptedError):
            opened(data[:end])
    with pytest.raises(CorruptedError):
        opened(data + b"\0" * 8)


@pytest.mark.parametrize(("data", "opened"), KINDS)
def test_another_kind_or_version_is_refused(data: bytes, opened: Opener) -> None:
    with pytest.raises(CorruptedError):
        opened(b"MUNX" + data[4:])
    with pytest.raises(CorruptedError):
        opened(data[:4] + struct.pack("<H", 2) + data[6:])
    with pytest.raises(CorruptedError):
        opened(VECTORS if data is POSTINGS else POSTINGS)


@pytest.mark.parametrize(("data", "opened"), KINDS)
@given(change=st.data())
def test_a_changed_byte_is_refused_or_still_makes_sense(data: bytes, opened: Opener, change: st.DataObject) -> None:
    at = change.draw(st.integers(0, len(data) - 1))
    changed = data[:at] + bytes([data[at] ^ change.draw(st.integers(1, 255))]) + data[at + 1 :]
    try:
        segment = opened(changed)
    except CorruptedError:
        return
    assert segment.to_bytes() == changed


def test_unsorted_tables_are_refused() -> None:
    def swapped(first: bytes, second: bytes) -> bytes:
        assert POSTINGS.count(first + second) == 1
        return POSTINGS.replace(first + second, second + first)

    for broken in (swapped(b"term0", b"term1"), swapped(b"abcdefghij", b"abcdefghik")):
        with pytest.raises(CorruptedError):
            PostingsSegment.from_bytes(broken)
    numbers = struct.pack("<3I", 10, 11, 12)
    assert POSTINGS.count(numbers) == 1
    with pytest.raises(CorruptedError):
        PostingsSegment.from_bytes(POSTINGS.replace(numbers, struct.pack("<3I", 10, 12, 11)))


@given(st.binary(max_size=400))
def test_any_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(CorruptedError):
        PostingsSegment.from_bytes(data)
    with pytest.raises(CorruptedError):
        VectorSegment.from_bytes(data)
