"""A bm25 segment is canonical: built, merged and cut down in any way, the same chunks are the same bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.retrieval.postings import PostingsSegment
from muniment.retrieval.types import SEGMENT_CHUNKS

TERMS = st.lists(
    st.sampled_from(["a", "b", "ab", "abcdefgh", "abcdefghi", "abcdefghij", "zürich", "東京", "6(1)", "controller"]),
    max_size=12,
)
CHUNKS = st.dictionaries(st.integers(0, 2**32 - 1), TERMS, max_size=12)


def built(chunks: dict[int, list[str]]) -> PostingsSegment:
    return PostingsSegment.build(chunks.items(), language="en")


@given(CHUNKS, st.data())
def test_merged_equals_built_of_the_union(chunks: dict[int, list[str]], data: st.DataObject) -> None:
    parts: list[dict[int, list[str]]] = [{}, {}, {}]
    for number, terms in chunks.items():
        parts[data.draw(st.integers(0, 2))][number] = terms
    merged = PostingsSegment.merged([built(part) for part in parts])
    assert merged.to_bytes() == built(chunks).to_bytes()


@given(CHUNKS, st.data())
def test_without_equals_built_of_the_rest(chunks: dict[int, list[str]], data: st.DataObject) -> None:
    gone = data.draw(st.sets(st.sampled_from(sorted(chunks)) if chunks else st.nothing()))
    rest = {number: terms for number, terms in chunks.items() if number not in gone}
    assert built(chunks).without(gone | {12345}).to_bytes() == built(rest).without({12345}).to_bytes()


@given(CHUNKS)
def test_bytes_come_back_as_they_went(chunks: dict[int, list[str]]) -> None:
    data = built(chunks).to_bytes()
    segment = PostingsSegment.from_bytes(data)
    assert segment.to_bytes() == data
    assert segment.language == "en"
    for number, terms in chunks.items():
        at = segment.numbers.tolist().index(number)
        assert segment.lengths[at] == len(terms)
        for term in set(terms):
            (place,) = segment.places_of([term.encode()])
            start, end = segment.posting_starts[place], segment.posting_starts[place + 1]
            found = dict(zip(segment.local[start:end].tolist(), segment.repeats[start:end].tolist(), strict=True))
            assert found[at] == terms.count(term)
    assert segment.places_of([b"absent", b"abcdefghzzz"]) == [-1, -1]


def test_a_term_that_only_a_deleted_chunk_had_leaves_no_trace() -> None:
    segment = built({1: ["common", "secretword"], 2: ["common", "other"]})
    assert b"secretword" in segment.to_bytes()
    assert b"secretword" not in segment.without([1]).to_bytes()
    assert b"other" in segment.without([1]).to_bytes()


def test_counts_are_capped_where_the_format_ends() -> None:
    segment = built({1: ["word"] * 70_000})
    assert (segment.repeats.tolist(), segment.lengths.tolist()) == ([255], [65_535])


def test_what_is_no_segment_of_one_language_is_refused() -> None:
    german = PostingsSegment.build([(2, ["wort"])], language="de")
    with pytest.raises(ValueError, match="one language"):
        PostingsSegment.merged([built({1: ["word"]}), german])
    with pytest.raises(ValueError, match="each chunk once"):
        PostingsSegment.merged([built({1: ["word"]}), built({1: ["word"]})])
    with pytest.raises(ValueError, match="16,384"):
        built({number: [] for number in range(SEGMENT_CHUNKS + 1)})
    assert len(built({number: ["word"] for number in range(SEGMENT_CHUNKS)}).numbers) == SEGMENT_CHUNKS
