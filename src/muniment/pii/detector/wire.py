"""How a process and the detector speak: frames, each a kind (1 byte), a length (4 bytes, big-endian), that many bytes.

A request is a header (JSON) and, to look for something, the text (UTF-8; lone surrogates as UTF-8 would write them).
Answers are any number of PROGRESS, then one of SPANS, FAILURE, STATE.
"""

import json
import math
import struct
from collections.abc import Mapping
from enum import IntEnum
from itertools import pairwise
from typing import Any

from muniment.core.local_stream import Stream
from muniment.pii.types import PiiClass, Selection, Span

LARGEST: "Mapping[Frame, int]"
_HEADER = struct.Struct(">BI")
_PROGRESS = struct.Struct(">QQ")
_PIECE = 1 << 20


class Frame(IntEnum):
    LOOK = 1
    """a Selection's fields and `rules_alone`, JSON; TEXT follows"""
    TEXT = 2
    ASK_STATE = 3
    PROGRESS = 4
    """characters done, and of how many: two 64-bit numbers"""
    SPANS = 5
    """start, end, class and score of each, JSON; the last frame"""
    FAILURE = 6
    """`error`, the name of one of `pii.errors`, and what it `says`, JSON; the last frame"""
    STATE = 7
    """`fault` of the model in words, or empty, and how many requests are `busy`, JSON; the last frame"""


LARGEST = {
    Frame.LOOK: 16 << 20,
    Frame.TEXT: 256 << 20,  # the longest text that ingest reads, in four bytes for each character
    Frame.ASK_STATE: 0,
    Frame.PROGRESS: _PROGRESS.size,
    Frame.SPANS: 1 << 30,
    Frame.FAILURE: 64 << 10,
    Frame.STATE: 64 << 10,
}
"""Bytes of a frame: a hostile or broken end cannot make the other wait for more."""


class FrameError(Exception):
    """The other end sent what ours would not."""


class GoneError(FrameError):
    """The other end stopped in the middle."""


def send(stream: Stream, kind: Frame, body: bytes = b"") -> None:
    if len(body) > LARGEST[kind]:
        raise FrameError("a frame is too large")
    # In one piece: behind the header of an empty frame the other end may have answered and closed already.
    stream.sendall(_HEADER.pack(kind, len(body)) + body)


def receive(stream: Stream, *expected: Frame) -> tuple[Frame, bytes]:
    """The next frame, which must be of one of these kinds. Raises FrameError, and OSError of the stream."""
    number, length = _HEADER.unpack(_exactly(stream, _HEADER.size))
    kind = next((one for one in expected if one == number), None)
    if kind is None or length > LARGEST[kind]:
        raise FrameError("a frame is not one of ours")
    return kind, _exactly(stream, length)


def _exactly(stream: Stream, length: int) -> bytes:
    out = bytearray()
    while len(out) < length:
        piece = stream.recv(min(length - len(out), _PIECE))
        if not piece:
            raise GoneError
        out += piece
    return bytes(out)


def pack_request(selection: Selection, *, rules_alone: bool) -> bytes:
    fields = {
        "classes": sorted(selection.classes),
        "terms": selection.terms,
        "patterns": selection.patterns,
        "contacts": selection.contacts,
        "listed": selection.listed,
        "never": selection.never,
        "rules_alone": rules_alone,
    }
    return json.dumps(fields).encode()


def unpack_request(body: bytes) -> tuple[Selection, bool]:
    fields = parsed(body)
    try:
        selection = Selection(
            classes=frozenset(map(PiiClass, fields["classes"])),
            listed=tuple((str(words), PiiClass(kind)) for words, kind in fields["listed"]),
            **{name: tuple(map(str, fields[name])) for name in ("terms", "patterns", "contacts", "never")},
        )
        return selection, fields["rules_alone"] is True
    except (KeyError, TypeError, ValueError):
        raise FrameError("a request makes no sense") from None


def pack_text(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def unpack_text(body: bytes) -> str:
    try:
        return body.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        raise FrameError("a text is not one") from None


def pack_progress(done: int, of: int) -> bytes:
    return _PROGRESS.pack(done, of)


def unpack_progress(body: bytes) -> tuple[int, int]:
    if len(body) != _PROGRESS.size:
        raise FrameError("a progress makes no sense")
    done, of = _PROGRESS.unpack(body)
    return done, of


def pack_spans(spans: tuple[Span, ...]) -> bytes:
    return json.dumps([[span.start, span.end, span.kind.value, span.score] for span in spans]).encode()


def unpack_spans(body: bytes, *, length: int, selection: Selection) -> tuple[Span, ...]:
    """Raises FrameError for anything that cannot be an answer to this request."""
    rows = parsed(body)
    if not isinstance(rows, list):
        raise FrameError("an answer makes no sense")
    try:
        spans = tuple(Span(start, end, PiiClass(kind), float(score)) for start, end, kind, score in rows)
    except (TypeError, ValueError):
        raise FrameError("an answer makes no sense") from None
    sound = all(
        type(span.start) is type(span.end) is int
        and 0 <= span.start < span.end <= length
        and span.kind in selection.findable
        and math.isfinite(span.score)
        for span in spans
    )
    if not sound or any(one.end > two.start for one, two in pairwise(spans)):
        raise FrameError("an answer makes no sense")
    return spans


def parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise FrameError("a frame is no JSON") from None
