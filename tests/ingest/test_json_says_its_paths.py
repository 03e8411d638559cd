"""Every value of JSON says by which keys it is reached; a record is one line."""

import pytest

from muniment.ingest.errors import ParseError, Reason
from muniment.ingest.parsing.reader import read
from muniment.ingest.types import BlockKind, ExtractedDocument, Limits


def _read(text: str, name: str = "a.json") -> ExtractedDocument:
    return read(text.encode(), name_hint=name, limits=Limits(), on_progress=lambda _done, _total: None)


def test_a_record_is_one_line() -> None:
    found = _read('[{"name": "Surgery", "hours": {"from": "10:00"}, "beds": [1, 2], "closed": null, "open": true}]')
    assert found.text == "name: Surgery | hours.from: 10:00 | beds: 1, 2 | open: true"


def test_a_large_object_becomes_headings_and_lines() -> None:
    long = "words " * 300
    found = _read(f'{{"east": {{"about": "{long}", "wards": [{{"name": "Surgery"}}, {{"name": "X"}}]}}}}')
    assert found.text.split("\n\n") == [
        "east", f"east.about: {long.strip()}", "east.wards", "name: Surgery", "name: X"
    ]  # fmt: skip
    headings = [found.text[one.start : one.end] for one in found.blocks if one.kind is BlockKind.HEADING]
    assert headings == ["east", "east.wards"]


def test_numbers_stand_as_they_are_spelled() -> None:
    assert (
        _read('{"a": 1.50, "b": 12345678901234567890123, "c": 1e3}').text
        == "a: 1.50 | b: 12345678901234567890123 | c: 1e3"
    )


def test_a_key_that_stands_twice_is_kept_twice() -> None:
    assert _read('{"a": 1, "a": 2}').text == "a: 1 | a: 2"


@pytest.mark.parametrize("name", ["a.jsonl", "a.ndjson"])
def test_json_lines_are_read_line_by_line(name: str) -> None:
    assert _read('{"a": 1, "b": 2}\n\n{"a": 3, "b": 4}\n', name).text == "a: 1 | b: 2\n\na: 3 | b: 4"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"a": ', Reason.MALFORMED),
        ("{}", Reason.NO_TEXT),
        ("[" * 100_000, Reason.TOO_DEEP),
        ('{"a":' * 900 + "1" + "}" * 900, Reason.TOO_DEEP),
    ],
)
def test_what_cannot_be_read_says_why(text: str, reason: Reason) -> None:
    with pytest.raises(ParseError) as caught:
        _read(text)
    assert caught.value.reason is reason
