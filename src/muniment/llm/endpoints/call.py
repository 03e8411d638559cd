"""One question to an endpoint and its answer as JSON: gated, recorded, tried again where that may help.

No word of an answer is passed on or logged: it may repeat what was asked, or the key.
"""

import json
import random
import time
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from muniment.audit.services import record
from muniment.core.errors import MunimentError, PermanentError, TransientError
from muniment.core.network.errors import UnreachableError
from muniment.core.network.http import Limits, Request, exchange
from muniment.core.network.types import Purpose
from muniment.llm.endpoints.folder import EndpointFolder
from muniment.llm.errors import ModelFileError, ModelRefusedError, ModelUnavailableError, TextRefusedError
from muniment.llm.gates import through_gates
from muniment.llm.openai.call import ATTEMPTS, LONGEST_PAUSE, beginning, retry_after
from muniment.llm.openai.wire import QUOTA, error_code
from muniment.llm.types import Outbound, Sender

if TYPE_CHECKING:
    from collections.abc import Iterator

    from muniment.audit.types import AuditKind
    from muniment.core.network.http import Response

HURRIED = 10.0  # seconds for everything, where a person waits
_TEXT = frozenset({400, 413, 422})  # of these texts; what is wrong with others tells itself by another status
_LATER = frozenset({408, 409, 424, 425, 429})  # 424: TEI, whose model failed


class _BusyError(Exception):
    """Another attempt may work, after so many seconds."""

    def __init__(self, why: MunimentError, after: float | None = None) -> None:
        super().__init__(str(why))
        self.why = why
        self.after = after


@dataclass(frozen=True, slots=True)
class EndpointCall:
    """`hurried`: a person waits, so one attempt and HURRIED seconds. `sender` is asked before each call."""

    folder: EndpointFolder
    sender: Sender
    kind: "AuditKind"
    hurried: bool
    pause: Callable[[float], None] = time.sleep

    def answer(self, below: str, fields: Mapping[str, Any], *, texts: int, most: int) -> Any:
        """What the endpoint says to `fields`, at most `most` bytes of JSON. `texts`: how many it is sent.

        Raises ModelUnavailableError; ModelRefusedError until somebody changes something; TextRefusedError where these
        texts alone are not taken, there or by the gate.
        """
        outbound = self.sender()
        request = self._request(below, self._gated(fields, outbound))
        with self._recorded(outbound, texts):
            return self._tried(request, outbound, most)

    def _gated(self, fields: Mapping[str, Any], outbound: Outbound) -> bytes:
        """The exact bytes that every attempt sends. What goes to no host of the operator's own is always looked at."""
        content = json.dumps({"model": self.folder.card.model, **fields}, ensure_ascii=False).encode()
        if self.folder.is_inside and not outbound.gated_inside:
            return content
        try:
            return through_gates(content, masking=outbound.masking)
        except ModelRefusedError:
            raise
        except TransientError as error:
            raise ModelUnavailableError(error) from None
        except PermanentError as error:
            raise TextRefusedError(error) from None

    def _request(self, below: str, body: bytes) -> Request:
        try:
            key = self.folder.key()
        except ModelFileError as error:
            raise ModelRefusedError(error) from None
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        headers |= {"Authorization": f"Bearer {key}"} if key else {}
        return Request("POST", self.folder.card.address.rstrip("/") + below, "", headers, body)

    @contextmanager
    def _recorded(self, outbound: Outbound, texts: int) -> "Iterator[None]":
        answered = False
        try:
            yield
            answered = True
        finally:
            facts = {"texts": texts, "answered": answered, "inside": self.folder.is_inside}
            with transaction.atomic():
                record(kind=self.kind, actor=outbound.actor, facts=facts)

    def _tried(self, request: Request, outbound: Outbound, most: int) -> Any:
        attempts = 1 if self.hurried else ATTEMPTS
        for attempt in range(1, attempts + 1):
            try:
                return self._once(request, outbound, most)
            except _BusyError as busy:
                after = busy.after if busy.after is not None else 2**attempt * random.uniform(0.5, 1)  # noqa: S311
                if attempt == attempts or after > LONGEST_PAUSE:
                    raise ModelUnavailableError(busy.why) from None
            self.pause(after)
        raise AssertionError

    def _once(self, request: Request, outbound: Outbound, most: int) -> Any:
        patience = float(self.folder.card.patience)
        limits = Limits(idle=patience, total=patience, body=most)
        if self.hurried:
            limits = Limits(connect=HURRIED / 2, idle=HURRIED, total=min(HURRIED, patience), body=most)
        try:
            with exchange(request, actor=outbound.actor, purpose=Purpose.MODEL, limits=limits) as response:
                self._check(response)
                return self._parsed(b"".join(response.body))
        except UnreachableError as error:
            raise _BusyError(error) from None
        except (ModelRefusedError, TextRefusedError):
            raise
        except MunimentError as error:
            raise self.folder.refused("{model} ({setting}) cannot be asked: {why}", why=error) from None

    def _check(self, response: "Response") -> None:
        """Raises for every answer that is none."""
        status = response.status
        if status in range(200, 300):
            if response.media_type == "text/html":
                raise self.folder.refused(
                    "{model} ({setting}) answers with a web page. Its address often ends in /v1: check it."
                )
            return
        code = error_code(beginning(response)) if status in _TEXT | {429} else ""
        if code == QUOTA:
            raise self.folder.refused("{model} ({setting}) has no credit left. Add some at its provider.")
        if status in _LATER or status >= 500:
            why = ModelUnavailableError(
                "{model} is overloaded or has a fault ({status}). Try again in a minute.",
                model=self.folder.card.name,
                status=status,
            )
            raise _BusyError(why, retry_after(response))
        if status in {401, 403}:
            raise self.folder.refused("{model} ({setting}) refuses the key. Check the key_file of its muniment.json.")
        if status in _TEXT:
            raise TextRefusedError(
                "{model} does not take this text ({status}): perhaps too long.",
                model=self.folder.card.name,
                status=status,
            )
        raise self.folder.refused(
            "{model} ({setting}) answers with status {status}. Check address and model of its muniment.json.",
            status=status,
        )

    def _parsed(self, content: bytes) -> Any:
        try:
            return json.loads(content, parse_constant=_no_number)
        except (ValueError, RecursionError):
            raise self.folder.refused(
                "{model} ({setting}) does not answer in JSON. Check the address of its muniment.json."
            ) from None


def _no_number(_: str) -> None:
    raise ValueError("no number")
