"""What providers say: JSON objects over the guarded way out, read so that they mean one thing."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from muniment.core.actors import Actor
from muniment.core.errors import PermanentError
from muniment.core.network.addresses import split_address
from muniment.core.network.http import Limits, Request, exchange
from muniment.core.network.types import Purpose
from muniment.sso.oidc.errors import ProviderError, ProviderUnavailableError

LIMITS = Limits(connect=5, idle=10, total=10, body=2**20)
"""A person waits for it: seconds, and 1 MiB. What one request asks has an end besides (`sso.patience`)."""

_QUERY = re.compile(r"[A-Za-z0-9._~!$&()*+,;=:@/?%-]*")


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    content: Mapping[str, Any]


def ask(request: Request, *, actor: Actor, limits: Limits, accepted: frozenset[int] = frozenset({200})) -> Answer:
    """The JSON object at an address, which may carry a query of its own.

    Raises ProviderError for another status than `accepted` and for what is no JSON object, ProviderUnavailableError,
    and what `exchange` raises. No word of an answer that is not taken is passed on: it may repeat code and secret.
    """
    address, _, query = request.url.partition("?")
    host = split_address(address)[0].host
    sent = Request(request.method, address, query, {"Accept": "application/json", **request.headers}, request.body)
    with exchange(sent, actor=actor, purpose=Purpose.SSO, limits=limits) as response:
        if response.status >= 500 or response.status in {408, 425, 429}:
            raise ProviderUnavailableError(
                "{host} has a fault ({status}). Try again in a minute.", host=host, status=response.status
            )
        if response.status not in accepted:
            raise ProviderError(
                "{host} answers with status {status}. Check the address of the provider.",
                host=host,
                status=response.status,
            )
        if not re.fullmatch(r"application/([a-z0-9.-]+\+)?json", response.media_type):
            raise ProviderError(
                "{host} answers with something else than JSON. Check the address of the provider.", host=host
            )
        body = b"".join(response.body)
    try:
        return Answer(response.status, read_object(body))
    except ValueError:
        raise ProviderError(
            "{host} answers with broken JSON. Who looks after the provider can mend it.", host=host
        ) from None


def read_object(text: bytes) -> dict[str, Any]:
    """A JSON object; ValueError for anything else.

    Attack stopped: a name given twice, of which one program reads the first and another the last; numbers that are
    none, which no date is later than; halves of characters, which cannot be stored; nesting that ends the process.
    """
    try:
        found = json.loads(text.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_number)
        json.dumps(found, ensure_ascii=False).encode("utf-8")
    except RecursionError:
        raise ValueError("nested too deep") from None
    if not isinstance(found, dict):
        raise ValueError("no object")  # noqa: TRY004 - one error for every text that is none
    return found


def check_endpoint(name: str, address: object) -> str:
    """The address, if it may be asked or shown to a browser: https, or listed by the operator. Raises ProviderError.

    Attack stopped: a provider that names `file:`, `javascript:` or a neighbour of this server as a place of its own.
    Where an address leads is judged by the guarded way out, when it is gone to.
    """
    if not isinstance(address, str):
        raise ProviderError(
            "The provider names no {name}. Check its address; perhaps it does not speak OpenID Connect.", name=name
        )
    plain, _, query = address.partition("?")
    try:
        target, _ = split_address(plain)
    except PermanentError:
        target = None
    if target is None or target.scheme not in {"http", "https"} or not _QUERY.fullmatch(query):
        raise ProviderError(
            "The {name} of the provider is no address that is taken. One looks like https://id.example.org", name=name
        )
    if target.scheme == "http" and target not in settings.MUNIMENT_INTERNAL_HOSTS:
        raise ProviderError(
            "The {name} of the provider is at {target}, which is not encrypted, and not one of the hosts "
            "the operator allowed (MUNIMENT_INTERNAL_HOSTS). Use https.",
            name=name,
            target=target,
        )
    return address


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is given twice")
    return found


def _no_number(_text: str) -> None:
    raise ValueError("no number")
