"""SRT and WebVTT: cues become paragraphs, each under the time in which it is said, so that a citation can say when."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from muniment.core.cleaning import clean, one_line
from muniment.ingest.errors import ParseError, Reason
from muniment.ingest.parsing.building import TextBuilder
from muniment.ingest.parsing.encoding import decode
from muniment.ingest.types import BlockKind, ExtractedDocument, LeftOutKind, Limits

SRT = "application/x-subrip"
VTT = "text/vtt"

_TIME = r"(?:(?:\d{1,3}):)?\d{1,2}:\d{2}[.,]\d{1,3}"
_TIMING = re.compile(rf"\s*({_TIME})\s+-->\s+({_TIME})(?:\s.*)?")
_SPEAKER = re.compile(r"<v(?:\.[^\s>]{0,80})?\s+([^>]{1,120})>")
_MARKUP = re.compile(r"<[^<>]{0,200}>|\{\\[^{}]{0,200}\}")
_ENOUGH = 400
"""Characters after which a paragraph ends with the sentence"""
_TOO_MUCH = 900
"""and after which it ends with the cue."""
_STOPS = (".", "!", "?", "…", ".\u201d", '."')


@dataclass(frozen=True, slots=True)
class _Cue:
    start: str
    end: str
    text: str


def is_subtitles(start: str) -> bool:
    """Whether text that begins so is of one of the two formats: their first cue says it."""
    lines = start.lstrip("\ufeff\r\n ").splitlines()[:3]
    return any(_TIMING.fullmatch(line) for line in lines[:2]) or (bool(lines) and lines[0].split(" ")[0] == "WEBVTT")


def parse_subtitles(data: bytes, limits: Limits) -> ExtractedDocument:
    """Raises ParseError: encoding, malformed (no cue at all), no text."""
    builder = TextBuilder(limits)
    text = clean(builder.look_through(decode(data)))
    cues = list(_cues(text, builder))
    if not cues:
        raise ParseError(Reason.MALFORMED)
    for paragraph in _paragraphs(cues):
        words = "\n".join(cue.text for cue in paragraph)
        builder.add(BlockKind.HEADING, f"{paragraph[0].start} to {paragraph[-1].end}", level=1)
        builder.add(BlockKind.PARAGRAPH, words)
    is_vtt = text.lstrip().startswith("WEBVTT")
    return builder.finish(media_type=VTT if is_vtt else SRT, title=None)


def _cues(text: str, builder: TextBuilder) -> Iterator[_Cue]:
    """Those that say something; what a player would show again unchanged is said once."""
    before = ""
    for block in re.split(r"\n\n+", text):
        lines = block.strip("\n").split("\n")
        at = next((number for number, line in enumerate(lines[:2]) if _TIMING.fullmatch(line)), None)
        if at is None:
            if lines[0].startswith("NOTE"):
                builder.leave_out(LeftOutKind.COMMENT, "", block.removeprefix("NOTE"))
            continue
        timing = _TIMING.fullmatch(lines[at])
        said = _said(lines[at + 1 :])
        if timing and said and said != before:
            yield _Cue(_clock(timing[1]), _clock(timing[2]), said)
            before = said


def _said(lines: list[str]) -> str:
    plain = (html.unescape(_MARKUP.sub("", _SPEAKER.sub(r"\1: ", line))) for line in lines)
    return one_line(" ".join(plain))


def _clock(time: str) -> str:
    """Hours, minutes and seconds, without the fraction."""
    whole = time.replace(",", ".").split(".")[0].split(":")
    return ":".join(part.zfill(2) for part in (["00", *whole] if len(whole) == 2 else whole))


def _paragraphs(cues: list[_Cue]) -> Iterator[list[_Cue]]:
    paragraph: list[_Cue] = []
    length = 0
    for cue in cues:
        paragraph.append(cue)
        length += len(cue.text)
        if length >= _TOO_MUCH or (length >= _ENOUGH and cue.text.endswith(_STOPS)):
            yield paragraph
            paragraph, length = [], 0
    if paragraph:
        yield paragraph
