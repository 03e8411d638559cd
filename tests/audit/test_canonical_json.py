"""RFC 8785 for strings, whole numbers, booleans, null, lists and objects; everything else is refused."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.audit.canonical import LARGEST, decode, encode
from muniment.audit.errors import NotCanonicalError

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-LARGEST, LARGEST) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner),
    max_leaves=20,
)


def test_names_are_sorted_by_utf16_code_units() -> None:
    """The example of RFC 8785, section 3.2.3: the emoji (a surrogate pair) comes before U+FB33."""
    names = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    assert list(json.loads(encode(dict.fromkeys(names)))) == [
        "\r",
        "1",
        "\u0080",
        "\u00f6",
        "\u20ac",
        "\U0001f600",
        "\ufb33",
    ]


def test_strings_are_escaped_as_little_as_allowed() -> None:
    """RFC 8785, section 3.2.2.2, with the string of its example."""
    assert encode('\u20ac$\u000f\u000aA\'B"\\\\"/') == '"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'.encode()


def test_no_white_space() -> None:
    assert encode({"b": [1, True, None], "a": {}}) == b'{"a":{},"b":[1,true,null]}'


@given(VALUES)
def test_what_is_written_is_read_back(value: object) -> None:
    assert decode(encode(value)) == value


@pytest.mark.parametrize("value", [1.0, math.nan, LARGEST + 1, -LARGEST - 1, b"x", {1: 2}, "\ud800", {"x": {0.5}}])
def test_what_has_no_canonical_form_here_is_refused(value: object) -> None:
    with pytest.raises(NotCanonicalError):
        encode(value)


@pytest.mark.parametrize(
    "data", [b'{"a":1,"a":1}', b'{"b":1,"a":1}', b'{"a": 1}', b'"\\u0041"', b"1.0", b"{", b"\xff", b""]
)
def test_a_second_spelling_is_refused(data: bytes) -> None:
    with pytest.raises(NotCanonicalError):
        decode(data)


def test_deep_nesting_is_refused_not_a_crash() -> None:
    with pytest.raises(NotCanonicalError):
        decode(b"[" * 100_000)
