"""What comes back over HTTP is bounded in size, headers and time, or told in a sentence."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings

from muniment.core.actors import SYSTEM
from muniment.core.network.addresses import split_address
from muniment.core.network.errors import AnswerError, StoppedError, UnreachableError
from muniment.core.network.http import Limits, Request, Response, exchange, within
from muniment.core.network.types import Purpose
from tests.core.speaker import Speaker, answer, speaking

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loopback")]
PATIENT = Limits(connect=300, idle=300, total=300, body=1000)
SHORT = Limits(connect=300, idle=3, total=300)


@contextmanager
def _asked(
    monkeypatch: pytest.MonkeyPatch, *pieces: bytes, silent: bool = False, limits: Limits = PATIENT, **more: object
) -> Iterator[tuple[Response, Speaker]]:
    with speaking(*pieces, silent=silent) as speaker:
        url = f"http://127.0.0.1:{speaker.port}/v1"
        monkeypatch.setattr(settings, "MUNIMENT_INTERNAL_HOSTS", (split_address(url)[0],))
        request = Request("POST", url, query="a=b", headers={"Authorization": "Bearer key"}, body=b"{}")
        with exchange(request, actor=SYSTEM, purpose=Purpose.MODEL, limits=limits, **more) as response:  # type: ignore[arg-type]
            yield response, speaker


def test_a_request_is_what_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    with _asked(monkeypatch, answer(b"body", headers="X-One: 1\r\n")) as (response, speaker):
        assert (response.status, response.headers["x-one"]) == (200, "1")
        assert b"".join(response.body) == b"body"
        head, _, body = speaker.heard[0].partition(b"\r\n\r\n")
        lines = set(head.split(b"\r\n"))
        assert {
            b"POST /v1?a=b HTTP/1.1",
            b"Authorization: Bearer key",
            b"Connection: close",
            b"Content-Length: 2",
        } < lines
        assert body in {b"{}", b""}  # the speaker reads no further than the head


def test_pieces_come_as_they_arrive(monkeypatch: pytest.MonkeyPatch) -> None:
    chunks = (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", b"2\r\nde\r\n", b"0\r\n\r\n")
    with _asked(monkeypatch, *chunks) as (response, _):
        assert b"".join(response.body) == b"abcde"


def test_too_large_a_body_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    with _asked(monkeypatch, answer(b"x" * 1001)) as (response, _), pytest.raises(AnswerError, match="more than"):
        list(response.body)


def test_endless_headers_are_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(AnswerError, match="HTTP"), _asked(monkeypatch, b"HTTP/1.1 200 OK\r\n" + b"X-Y: z\r\n" * 20_000):
        pass


@pytest.mark.parametrize(
    "said", [b"220 mail.internal ESMTP\r\n\r\n", b"HTTP/9 yes\r\n\r\n", b"\x16\x03\x01" * 99 + b"\r\n\r\n"]
)
def test_what_is_no_http_is_told(monkeypatch: pytest.MonkeyPatch, said: bytes) -> None:
    with pytest.raises((AnswerError, UnreachableError)), _asked(monkeypatch, said):
        pass


def test_a_compressed_answer_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with (
        pytest.raises(AnswerError, match="compressed"),
        _asked(monkeypatch, answer(b"x", headers="Content-Encoding: gzip\r\n")),
    ):
        pass


@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 200 OK\r\nContent-"])
def test_silence_ends(monkeypatch: pytest.MonkeyPatch, said: bytes) -> None:
    with pytest.raises(UnreachableError, match="in time"), _asked(monkeypatch, said, silent=True, limits=SHORT):
        pass


def test_silence_in_the_middle_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    half = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"
    with (
        _asked(monkeypatch, half, silent=True, limits=SHORT) as (response, _),
        pytest.raises(UnreachableError, match="in time"),
    ):
        list(response.body)


def test_the_whole_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    limits = Limits(connect=300, idle=300, total=0.3)
    with (
        pytest.raises(UnreachableError, match="in time"),
        _asked(monkeypatch, b"HTTP/1.1 200 OK\r\n", silent=True, limits=limits),
    ):
        pass


def test_what_breaks_off_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    half = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"
    with _asked(monkeypatch, half) as (response, _), pytest.raises(UnreachableError, match="broke off"):
        list(response.body)
    with pytest.raises(UnreachableError, match="broke off"), _asked(monkeypatch):
        pass


def test_who_leaves_waits_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(StoppedError), _asked(monkeypatch, silent=True, stopped=lambda: True):
        pass


def test_nobody_listening_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with speaking() as gone:
        url = f"http://127.0.0.1:{gone.port}"
    monkeypatch.setattr(settings, "MUNIMENT_INTERNAL_HOSTS", (split_address(url)[0],))
    with (
        pytest.raises(UnreachableError, match="does not answer on port"),
        exchange(Request("GET", url), actor=SYSTEM, purpose=Purpose.MODEL),
    ):
        pass


def test_all_that_is_asked_together_has_one_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Attacker: answers each request just before its own time is over. The second is not even sent."""
    with speaking(silent=True) as speaker:
        url = f"http://127.0.0.1:{speaker.port}"
        monkeypatch.setattr(settings, "MUNIMENT_INTERNAL_HOSTS", (split_address(url)[0],))
        with within(0.3), within(300):
            for _ in range(2):
                with (
                    pytest.raises(UnreachableError, match="in time"),
                    exchange(Request("GET", url), actor=SYSTEM, purpose=Purpose.SSO, limits=PATIENT),
                ):
                    pass
        assert speaker.connections == 1
    with _asked(monkeypatch, answer(b"body")) as (response, _):  # what comes after has its own time
        assert response.status == 200


def test_a_handshake_that_never_ends_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    with speaking(silent=True) as speaker:
        url = f"https://127.0.0.1:{speaker.port}"
        monkeypatch.setattr(settings, "MUNIMENT_INTERNAL_HOSTS", (split_address(url)[0],))
        with (
            within(0.3),
            pytest.raises(UnreachableError),
            exchange(Request("GET", url), actor=SYSTEM, purpose=Purpose.SSO, limits=PATIENT),
        ):
            pass
