"""The last look before the wire: the exact bytes that are to go to a model elsewhere.

A second scan, which knows nothing of the first: what a passage, a file name, a question or an error message still holds
is replaced here. It fails closed: whatever it cannot read, or cannot replace, does not go out.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import accumulate, pairwise
from typing import Any

from muniment.core.registries import OutboundMasking
from muniment.pii.errors import OutboundRefusedError
from muniment.pii.offsets import spliced
from muniment.pii.services import find_personal_data
from muniment.pii.spelling import coded, spelled_out
from muniment.pii.standins import STAND_IN, StandIn, masked
from muniment.pii.types import Selection, Span

LARGEST = 4 << 20
"""Bytes of a body: several times what any model reads."""
_MOST_TEXTS = 5_000
_DEEPEST = 64
_CODES_IN_CODES = 3
_BESIDE_A_SEAM = 120
_BETWEEN = "\n\n"

_PROTOCOL = frozenset(
    {"system", "user", "assistant", "tool", "developer", "function", "text", "json_object", "json_schema", "none"}
    | {"auto", "required", "stop", "length", "float", "base64", "low", "medium", "high", "document", "query"}
)
"""Words that the API of a model is made of, where they stand alone."""
_KEY = re.compile(r"[a-z][a-z0-9_]{0,40}")
_LEAST_DIGITS = 9

Find = Callable[[str], Sequence[Span]]


def mask_outbound(content: bytes, *, masking: OutboundMasking) -> bytes:
    """A `core.registries.OutboundGate`. The same bytes where nothing was found.

    Raises OutboundRefusedError, DetectorDownError, DetectorModelError, PatternError.
    """
    selection = masking.selection or Selection()
    body = _parsed(content)
    texts = _Texts(body)
    find = partial(find_personal_data, selection=selection)
    instead = _masked_texts(texts.found, find, masking.stand_in or masked)
    _check_the_rest(texts, find)
    if instead == texts.found:
        return content
    return _written(texts.with_texts(instead))


def _parsed(content: bytes) -> Any:
    if len(content) > LARGEST:
        raise OutboundRefusedError(
            "What was to go to the model is larger than {limit} MB, so it was not sent.", limit=LARGEST >> 20
        )
    try:
        return json.loads(content.decode(), object_pairs_hook=_once, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise OutboundRefusedError("What was to go to the model could not be read, so it was not sent.") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Attack stopped: of two values under one key we would look at the last, and the other would go out unseen."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key twice")
    return found


def _refuse(_: str) -> None:
    raise ValueError("no number")


def _written(body: Any) -> bytes:
    try:
        return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        raise OutboundRefusedError("What was to go to the model holds half a character, so it was not sent.") from None


class _Texts:
    """The texts of a body, in the order in which a reader meets them; its keys and long numbers apart."""

    def __init__(self, body: Any) -> None:
        self._body = body
        self.found: list[str] = []
        self.others: list[str] = []
        self._walk(body, depth=0)
        if len(self.found) + len(self.others) > _MOST_TEXTS:
            raise OutboundRefusedError("What was to go to the model has too many parts, so it was not sent.")

    def with_texts(self, instead: Sequence[str]) -> Any:
        """The body with other texts in the same places."""
        return _rebuilt(self._body, iter(instead), is_top=True)

    def _walk(self, value: Any, *, depth: int) -> None:
        if depth > _DEEPEST:
            raise OutboundRefusedError("What was to go to the model is nested too deeply, so it was not sent.")
        if isinstance(value, dict):
            self.others += [key for key in value if not _KEY.fullmatch(key)]
            for key, one in value.items():
                if not _is_protocol(key, one, is_top=depth == 0):
                    self._walk(one, depth=depth + 1)
        elif isinstance(value, list):
            for one in value:
                self._walk(one, depth=depth + 1)
        elif isinstance(value, str):
            self.found.append(value)
        elif not isinstance(value, bool) and len(str(value)) >= _LEAST_DIGITS:
            self.others.append(str(value))


def _rebuilt(value: Any, texts: Iterator[str], *, is_top: bool = False) -> Any:
    if isinstance(value, dict):
        return {
            key: one if _is_protocol(key, one, is_top=is_top) else _rebuilt(one, texts) for key, one in value.items()
        }
    if isinstance(value, list):
        return [_rebuilt(one, texts) for one in value]
    return next(texts) if isinstance(value, str) else value


def _is_protocol(key: str, value: Any, *, is_top: bool) -> bool:
    """Residue accepted: the model's name goes out as the operator wrote it; no document or question has a say in it."""
    return isinstance(value, str) and (value in _PROTOCOL or (is_top and key == "model"))


def _check_the_rest(texts: _Texts, find: Find) -> None:
    """Keys and numbers cannot be replaced."""
    rest = _BETWEEN.join(texts.others)
    if rest and find(spelled_out(rest)):
        raise OutboundRefusedError("Personal data stands where it cannot be masked, so nothing was sent.")


def _masked_texts(texts: Sequence[str], find: Find, stand_in: StandIn) -> list[str]:
    plain = [_plain(text, find) for text in texts]
    cuts: list[list[Span]] = [[] for _ in plain]
    for number, span in _in_texts(find(_BETWEEN.join(plain)), plain, between=_BETWEEN):
        cuts[number].append(span)
    for between in ("", " "):
        for number, span in _over_seams(plain, find, between=between):
            cuts[number].append(span)
    done = [_cut(text, spans, stand_in) for text, spans in zip(plain, cuts, strict=True)]
    return [_within_codes(text, find, stand_in, depth=0) for text in done]


def _plain(text: str, find: Find) -> str:
    """What it says spelled out, where that tells more than the text does itself."""
    spelled = spelled_out(text)
    if spelled == text or _words(spelled, find) <= _words(text, find):
        return text
    return spelled


def _words(text: str, find: Find) -> set[str]:
    return {text[span.start : span.end] for span in find(text)}


def _in_texts(spans: Sequence[Span], texts: Sequence[str], *, between: str) -> Iterator[tuple[int, Span]]:
    """Spans of the joined texts as spans of each: its number and the part that lies in it."""
    starts = list(accumulate((len(text) + len(between) for text in texts), initial=0))
    number = 0
    for span in spans:
        while starts[number + 1] <= span.start:
            number += 1
        at = number
        while at < len(texts) and starts[at] < span.end:
            start, end = max(span.start - starts[at], 0), min(span.end - starts[at], len(texts[at]))
            if start < end:
                yield at, Span(start, end, span.kind, span.score)
            at += 1


def _over_seams(texts: Sequence[str], find: Find, *, between: str) -> Iterator[tuple[int, Span]]:
    """What is whole only when one text is read on into the next: a name that a cut runs through."""
    joined = between.join(texts)
    ends = accumulate(len(text) + len(between) for text in texts[:-1])
    seams = [at for at in ends if not (between and "  " in joined[at - 2 : at + 1])]  # a blank is there already
    near = _merged((max(0, seam - _BESIDE_A_SEAM), min(len(joined), seam + _BESIDE_A_SEAM)) for seam in seams)
    found = [
        Span(span.start + start, span.end + start, span.kind, span.score)
        for start, end in near
        for span in find(joined[start:end])
    ]
    crossing = [span for span in found if any(span.start < seam < span.end for seam in seams)]
    yield from _in_texts(crossing, texts, between=between)


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    out: list[tuple[int, int]] = []
    for start, end in spans:
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], end)
        else:
            out.append((start, end))
    return out


def _cut(text: str, spans: Sequence[Span], stand_in: StandIn) -> str:
    """The text with stand-ins. Those that stand there already stay as they are, also inside of what was found."""
    kept = [found.span() for found in STAND_IN.finditer(text)]
    pieces = sorted(
        (
            Span(start, end, span.kind, span.score)
            for span in spans
            for start, end in _without(span, kept)
            if any(map(str.isalnum, text[start:end]))
        ),
        key=lambda span: (span.start, -span.end),
    )
    out, at = [], 0
    for piece in pieces:
        if piece.start >= at:
            out += [text[at : piece.start], stand_in(piece.kind, text[piece.start : piece.end])]
        elif piece.end > at:  # two scans saw it differently: what is left of the second is hidden too
            out.append(stand_in(piece.kind, text[at : piece.end]))
        at = max(at, piece.end)
    return "".join([*out, text[at:]])


def _without(span: Span, kept: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    inside = [one for one in kept if one[0] < span.end and one[1] > span.start]
    borders = [(span.start, span.start), *inside, (span.end, span.end)]
    return ((start, end) for (_, start), (end, _) in pairwise(borders) if start < end)


def _within_codes(text: str, find: Find, stand_in: StandIn, *, depth: int) -> str:
    """Words in base64 and hex are masked inside of it."""
    changed = []
    for piece in coded(text) if depth < _CODES_IN_CODES else ():
        words = _plain(piece.words, find)
        instead = _within_codes(_cut(words, find(words), stand_in), find, stand_in, depth=depth + 1)
        if instead != piece.words:
            changed.append((piece.start, piece.end, piece.again(instead)))
    return spliced(text, changed)
