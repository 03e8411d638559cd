"""The other side: asks the detector, and believes it only what can be true.

Attack stopped: a detector that died, hangs or answers nonsense is taken for one that found nothing, and names are
indexed or sent. Whatever is not a whole and possible answer raises DetectorDownError.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from muniment.core.local_stream import Stream, connect_locally
from muniment.core.watch import Watch
from muniment.pii.detector.wire import (
    Frame,
    FrameError,
    GoneError,
    pack_request,
    pack_text,
    parsed,
    receive,
    send,
    unpack_progress,
    unpack_spans,
)
from muniment.pii.errors import DetectorDownError, DetectorGoneError, DetectorModelError, PatternError
from muniment.pii.types import Selection, Span

_STARTING = 20.0
"""Seconds until one that was started listens; a cold start on a slow disk takes five."""
_SILENCE = 60.0
_PER_CHARACTER = 1 / 20_000
"""Seconds of silence: of a long text the rules alone take three for a million characters, before the first progress."""
_ANEW = 2
"""Times that one which ended is asked anew: a text that ends it would end each."""
_POLL = 0.05
_STATE = 5.0
_ERRORS = {error.__name__: error for error in (DetectorModelError, PatternError)}


@dataclass(frozen=True, slots=True)
class State:
    """Whether the model is loaded; if not, why, in a sentence; and how many texts are being looked through."""

    ready: bool
    fault: str
    busy: int


def look(
    folder: Path, text: str, *, selection: Selection, rules_alone: bool, watch: Watch, start: Callable[[], None]
) -> tuple[Span, ...]:
    """What the detector of this folder finds. `start` is called, again and again, while none listens. One that ends
    meanwhile may have been that of a command which was through: then the next one is asked, from the beginning.

    Raises DetectorDownError, DetectorModelError, PatternError; whatever `watch` raises ends the work.
    """
    for _ in range(_ANEW):
        with suppress(DetectorGoneError):
            return _look(folder, text, selection=selection, rules_alone=rules_alone, watch=watch, start=start)
    return _look(folder, text, selection=selection, rules_alone=rules_alone, watch=watch, start=start)


def _look(
    folder: Path, text: str, *, selection: Selection, rules_alone: bool, watch: Watch, start: Callable[[], None]
) -> tuple[Span, ...]:
    with _connected(folder, timeout=_SILENCE + len(text) * _PER_CHARACTER, start=start) as stream:
        with _doubted():
            send(stream, Frame.LOOK, pack_request(selection, rules_alone=rules_alone))
            send(stream, Frame.TEXT, pack_text(text))
        while True:
            with _doubted():
                kind, body = receive(stream, Frame.PROGRESS, Frame.SPANS, Frame.FAILURE)
                if kind is Frame.SPANS:
                    return unpack_spans(body, length=len(text), selection=selection)
                if kind is Frame.FAILURE:
                    raise _failure(body)
                done, of = unpack_progress(body)
            watch(done, of)


def state(folder: Path) -> State:
    """Of the one that runs; none is started. Raises DetectorDownError."""
    with _doubted(), connect_locally(folder, timeout=_STATE) as stream:
        send(stream, Frame.ASK_STATE)
        fields = parsed(receive(stream, Frame.STATE)[1])
        try:
            return State(fields["ready"] is True, str(fields["fault"]), int(fields["busy"]))
        except (KeyError, TypeError, ValueError):
            raise FrameError("a state makes no sense") from None


def _connected(folder: Path, *, timeout: float, start: Callable[[], None]) -> Stream:
    until = time.monotonic() + _STARTING
    with _doubted():
        while True:
            try:
                return connect_locally(folder, timeout=timeout)
            except (FileNotFoundError, ConnectionRefusedError) as error:
                if time.monotonic() > until:
                    raise DetectorDownError from error
            start()
            time.sleep(_POLL)


@contextmanager
def _doubted() -> Iterator[None]:
    try:
        yield
    except (ConnectionError, GoneError) as error:
        raise DetectorGoneError from error
    except (OSError, FrameError) as error:
        raise DetectorDownError from error


def _failure(body: bytes) -> Exception:
    fields = parsed(body)
    error = _ERRORS.get(str(fields.get("error"))) if isinstance(fields, dict) else None
    return error(str(fields["says"])) if error and "says" in fields else DetectorDownError()
