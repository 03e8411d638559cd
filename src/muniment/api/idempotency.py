"""A write that is sent twice is done once: the header Idempotency-Key (draft-ietf-httpapi-idempotency-key-header-07).

A client that lost the answer sends the same again, with the same key. What was answered is repeated as long as this
process remembers it, for a day at most; afterwards, and always for answers out of documents, the repeat is told that it
was done.

Attack stopped: an answer out of a document that was erased meanwhile is repeated from here. So answers are never
remembered, and what is remembered lies in memory alone. Residue accepted: after a restart a repeat learns that it was
done, not what was answered; a write whose server was killed over it counts as begun for a day.
"""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from threading import Lock

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from muniment.api.models import Attempt
from muniment.core.clock import now
from muniment.core.errors import PermanentError

HEADER = "Idempotency-Key"
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
LONGEST = 255
DAY = timedelta(days=1)
ANSWERS = ("/chat/completions", "/messages")
TOGETHER = 16 * 2**20  # bytes of answers remembered
_SENT_AS_ONE = 2**20  # bytes of a body that is part of what was asked; of longer ones the length is


@dataclass(frozen=True, slots=True)
class Remembered:
    status: int
    kind: str
    body: bytes


class Memory:
    """The newest answers of this process, within a budget."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._held: OrderedDict[str, Remembered] = OrderedDict()
        self._bytes = 0

    def keep(self, attempt: str, response: HttpResponse) -> None:
        one = Remembered(response.status_code, response.headers["Content-Type"], response.content)
        with self._lock:
            before = self._held.pop(attempt, None)
            self._held[attempt] = one
            self._bytes += len(one.body) - (len(before.body) if before else 0)
            while self._bytes > TOGETHER:
                _, gone = self._held.popitem(last=False)
                self._bytes -= len(gone.body)

    def find(self, attempt: str) -> HttpResponse | None:
        with self._lock:
            one = self._held.get(attempt)
        return HttpResponse(one.body, content_type=one.kind, status=one.status) if one else None


memory = Memory()


class IdempotencyError(PermanentError):
    """The write is not to be done. `status` and the sentence say why."""

    def __init__(self, status: HTTPStatus, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


def begin(request: HttpRequest) -> tuple[str, HttpResponse | None]:
    """The attempt, and what to answer where it was made before. Raises IdempotencyError."""
    key = request.headers[HEADER].strip().strip('"')
    if not 1 <= len(key) <= LONGEST:
        raise IdempotencyError(HTTPStatus.BAD_REQUEST, f"An Idempotency-Key has 1 to {LONGEST} characters.")
    attempt = _hash(request.headers.get("Authorization", ""), key)
    asked = _hash(request.method or "", request.get_full_path(), *_body(request))
    Attempt.objects.filter(begun_at__lt=now() - DAY).delete()
    try:
        with transaction.atomic():
            Attempt.objects.create(id=attempt, fingerprint=asked)
    except IntegrityError:
        return attempt, _again(attempt, asked)
    return attempt, None


def end(attempt: str, request: HttpRequest, response: HttpResponseBase) -> None:
    """What failed or was refused may be sent again; what was done is remembered."""
    if response.status_code >= 400:
        Attempt.objects.filter(pk=attempt).delete()
        return
    if isinstance(response, HttpResponse) and not request.path_info.endswith(ANSWERS):
        memory.keep(attempt, response)
    Attempt.objects.filter(pk=attempt).update(status=response.status_code)


def _again(attempt: str, asked: str) -> HttpResponse:
    found = Attempt.objects.filter(pk=attempt).first()
    if found is None or found.status == 0:
        raise IdempotencyError(HTTPStatus.CONFLICT, "This is under way, or broke off. Look at what is there now.")
    if found.fingerprint != asked:
        sentence = "This Idempotency-Key was used for something else. Take a new one for each write."
        raise IdempotencyError(HTTPStatus.UNPROCESSABLE_ENTITY, sentence)
    repeated = memory.find(attempt)
    if repeated is None:
        sentence = "This was done already, and its answer is no longer kept. Look at what is there now."
        raise IdempotencyError(HTTPStatus.CONFLICT, sentence)
    return repeated


def _body(request: HttpRequest) -> tuple[str, str]:
    """A long body is streamed to whoever reads it; reading it here would hold it in memory."""
    length = request.headers.get("Content-Length", "")
    is_short = length.isdecimal() and int(length) <= _SENT_AS_ONE
    return length, hashlib.sha256(request.body).hexdigest() if is_short else ""


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
