"""The words of SRT and VTT stand under the time in which they are said."""

import pytest

from muniment.ingest.chunking import chunk
from muniment.ingest.errors import ParseError, Reason
from muniment.ingest.parsing.reader import read
from muniment.ingest.types import ExtractedDocument, LeftOut, LeftOutKind, Limits
from tests.ingest import samples


def _read(data: bytes, name: str = "a.srt") -> ExtractedDocument:
    return read(data, name_hint=name, limits=Limits(), on_progress=lambda _done, _total: None)


def _cues(count: int) -> bytes:
    cues = (
        f"{at + 1}\n00:{at:02}:01,000 --> 00:{at:02}:55,000\nIn minute number {at} the guide speaks of one ward.\n"
        for at in range(count)
    )
    return "\n".join(cues).encode()


def test_of_srt() -> None:
    assert _read(samples.SRT).text == f"00:01:05 to 00:01:09\n\n{samples.SENTENCE}"


def test_of_vtt_with_who_speaks() -> None:
    found = _read(samples.VTT, "a.vtt")
    assert found.text == f"00:01:05 to 00:01:09\n\nAlice: {samples.SENTENCE}"
    assert found.left_out == (LeftOut(LeftOutKind.COMMENT, "", "made by hand"),)


def test_the_content_says_what_it_is() -> None:
    assert _read(samples.SRT, "a.txt").media_type == "application/x-subrip"
    assert _read(samples.VTT, "").media_type == "text/vtt"


def test_cues_are_joined_and_a_citation_says_when() -> None:
    found = _read(_cues(40))
    pieces = chunk(found, count_tokens=lambda texts: [len(text.split()) for text in texts])
    assert 2 < len(pieces) < 20
    at = found.text.index("minute number 23 ")
    (holder,) = (one for one in pieces if one.start <= at < one.end)
    heading = found.text.rfind(" to 00:", 0, at)
    assert found.text[heading - 8 : heading] <= "00:23:01" <= found.text[heading + 4 : heading + 12]
    assert heading >= holder.start or any(" to " in name for name in holder.headings)


def test_what_is_shown_again_is_said_once() -> None:
    twice = b"1\n00:00:01,000 --> 00:00:02,000\nOnce.\n\n2\n00:00:02,000 --> 00:00:03,000\nOnce.\n"
    assert _read(twice).text.count("Once.") == 1


def test_without_a_cue_there_is_nothing_to_read() -> None:
    with pytest.raises(ParseError) as caught:
        _read(b"WEBVTT\n\nNOTE nothing else\n", "a.vtt")
    assert caught.value.reason is Reason.MALFORMED
