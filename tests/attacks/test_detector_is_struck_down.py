"""Attacker: whoever can end or confuse the process that looks for personal data, or make it run out of memory.

Move: it is killed before, in the middle of, or after a text; another program answers in its place, with nothing, with
nonsense, with fewer finds; it never answers. Guarantee: G-75, nobody takes that for "nothing was found".
"""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from muniment.core.errors import TransientError
from muniment.core.local_stream import Stream, connect_locally, listen_locally
from muniment.pii.detector import client, wire
from muniment.pii.detector.wire import Frame, pack_spans, send
from muniment.pii.errors import DetectorDownError, DetectorGoneError
from muniment.pii.types import PiiClass, Span
from tests.pii.detecting import FOUND, LETTER, detector, look, words

LONG = "It was signed by Margaret Holloway on a fine day in the town hall. " * 20_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "detector"


def test_killed_in_the_middle_it_is_an_error_and_then_another_answers(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nobody has another one ready."""
    with detector(folder) as process:

        def kill(done: int, _: int) -> None:
            if done:
                process.kill()

        monkeypatch.setattr(client, "_STARTING", 0.2)
        with pytest.raises(DetectorDownError, match="muniment doctor"):
            look(folder, LONG, watch=kill)
    monkeypatch.undo()
    with detector(folder):
        assert words(LETTER, look(folder, LETTER)) == FOUND


def test_killed_in_the_middle_the_next_one_looks_through_all_of_it(folder: Path) -> None:
    """As when the command that kept it is through before another one which asks it as well."""
    text = "It was signed by Margaret Holloway. " * 500
    killed: list[int] = []
    with detector(folder) as first:
        assert words(LETTER, look(folder, LETTER)) == FOUND  # it is the first, and the next one waits

        def kill(done: int, _: int) -> None:
            if done and not killed:
                first.kill()
                killed.append(done)

        with detector(folder):
            found = look(folder, text, watch=kill)
    assert killed
    assert len(found) == 500


def test_a_text_that_ends_each_is_given_up(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []

    def gone(*_: object, **__: object) -> None:
        asked.append(True)
        raise DetectorGoneError

    monkeypatch.setattr(client, "_look", gone)
    with pytest.raises(DetectorDownError):
        look(folder, LETTER)
    assert len(asked) == 3


def test_none_that_can_be_started_is_an_error(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "_STARTING", 0.2)
    asked: list[bool] = []
    with pytest.raises(DetectorDownError):
        client.look(
            folder,
            LETTER,
            selection=wire.Selection(),
            rules_alone=False,
            watch=lambda *_: None,
            start=lambda: asked.append(True),
        )
    assert asked
    assert issubclass(DetectorDownError, TransientError)


def _spans(*rows: object) -> bytes:
    return json.dumps(rows).encode()


def _raw(kind: int, body: bytes, *, length: int | None = None) -> bytes:
    return wire._HEADER.pack(kind, len(body) if length is None else length) + body


NONSENSE: dict[str, bytes] = {
    "nothing": b"",
    "half a header": b"\x05\x00",
    "half an answer": _raw(Frame.SPANS, b"[", length=40),
    "another frame": _raw(Frame.STATE, b"{}"),
    "an unknown frame": _raw(99, b""),
    "a frame without end": _raw(Frame.SPANS, b"", length=2**31),
    "no JSON": _raw(Frame.SPANS, b"\xff"),
    "no list": _raw(Frame.SPANS, b"{}"),
    "deep JSON": _raw(Frame.SPANS, b"[" * 100_000),
    "no spans": _raw(Frame.SPANS, _spans(["x"])),
    "words for numbers": _raw(Frame.SPANS, _spans(["0", "3", "person", 1])),
    "truth for numbers": _raw(Frame.SPANS, _spans([False, True, "person", 1])),
    "beyond the text": _raw(Frame.SPANS, _spans([0, 10_000, "person", 1])),
    "empty": _raw(Frame.SPANS, _spans([3, 3, "person", 1])),
    "overlapping": _raw(Frame.SPANS, _spans([0, 5, "person", 1], [4, 8, "person", 1])),
    "out of order": _raw(Frame.SPANS, _spans([6, 8, "person", 1], [0, 2, "person", 1])),
    "a class nobody knows": _raw(Frame.SPANS, _spans([0, 3, "hat", 1])),
    "a class nobody asked for": _raw(Frame.SPANS, _spans([0, 3, "organisation", 1])),
    "no number for a score": _raw(Frame.SPANS, b'[[0, 3, "person", NaN]]'),
    "an empty failure": _raw(Frame.FAILURE, b"[]"),
    "a failure nobody knows": _raw(Frame.FAILURE, b'{"error": "KeyError", "says": "x"}'),
    "half a progress": _raw(Frame.PROGRESS, b"\x00"),
}


class Impostor:
    """Takes a whole request and answers what it was told to."""

    def __init__(self, folder: Path, answer: Callable[[Stream], None]) -> None:
        self._listener = listen_locally(folder)
        self._answer = answer
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        stream, _ = self._listener.accept()
        with stream:
            stream.settimeout(20)
            wire.receive(stream, Frame.LOOK)
            wire.receive(stream, Frame.TEXT)
            self._listener.close()
            self._answer(stream)

    def close(self) -> None:
        self._thread.join()


@pytest.fixture
def impostor(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Callable[[Stream], None]], None]]:
    monkeypatch.setattr(client, "_STARTING", 0.2)  # behind it there is nobody
    made: list[Impostor] = []
    yield lambda answer: made.append(Impostor(folder, answer))
    for one in made:
        one.close()


@pytest.mark.parametrize("answer", NONSENSE.values(), ids=NONSENSE)
def test_nonsense_is_no_answer(
    folder: Path, impostor: Callable[[Callable[[Stream], None]], None], answer: bytes
) -> None:
    impostor(lambda stream: stream.sendall(answer))
    with pytest.raises(DetectorDownError):
        look(folder, LETTER)


def test_silence_is_no_answer(
    folder: Path, impostor: Callable[[Callable[[Stream], None]], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "_SILENCE", 0.2)
    heard = threading.Event()
    impostor(lambda _: bool(heard.wait(20)) and None)
    with pytest.raises(DetectorDownError):
        look(folder, LETTER)
    heard.set()


def test_a_true_answer_by_the_same_road_is_taken(
    folder: Path, impostor: Callable[[Callable[[Stream], None]], None]
) -> None:
    impostor(lambda stream: send(stream, Frame.SPANS, pack_spans((Span(0, 3, PiiClass.PERSON, 1.0),))))
    assert look(folder, LETTER) == (Span(0, 3, PiiClass.PERSON, 1.0),)


def test_a_folder_that_others_can_enter_is_refused(folder: Path) -> None:
    """Attacker: another user, who listens in our place, or reads along. What the kernel says of him cannot be tried
    without a second user: `_peer` is asked on both ends, and the folder keeps him out before that."""
    listen_locally(folder).close()
    folder.chmod(0o755)
    with pytest.raises(PermissionError):
        connect_locally(folder, timeout=1)
    with pytest.raises(PermissionError):
        listen_locally(folder)
    with pytest.raises(DetectorDownError):
        look(folder, LETTER)


def test_another_user_is_turned_away(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from muniment.core import local_stream  # noqa: PLC0415

    listener = listen_locally(folder)
    monkeypatch.setattr(local_stream, "_peer", lambda _: 12_345)
    with socket.socket(socket.AF_UNIX) as stranger:
        stranger.connect(str(folder / "socket"))
        assert local_stream.accept_locally(listener) is None
        assert stranger.recv(1) == b""
    with pytest.raises(PermissionError):
        connect_locally(folder, timeout=1)
    listener.close()
