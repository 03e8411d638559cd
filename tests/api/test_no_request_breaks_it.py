"""Whatever is sent by whoever has a key, the API answers in words: no request makes a fault of ours."""

import urllib.error
import urllib.request  # noqa: TID251 - a client of the server, on loopback
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from muniment.api.openai.routes import api as openai
from muniment.api.own.routes import api as own
from muniment.api.v1.routes import api as v1
from tests.api.conftest import Served

pytestmark = [
    pytest.mark.long,
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]  # sockets on loopback
SCHEMAS = [
    schemathesis.openapi.from_dict(api.get_openapi_schema(path_prefix=before))
    for before, api in (("/v1", openai), ("/api/muniment", own), ("/api/v1", v1))
]
OPERATIONS = [found.ok() for schema in SCHEMAS for found in schema.get_all_operations()]
EXPECTED = {200, 201, 400, 403, 404, 405, 413, 415, 422, 501}


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: f"{one.method.upper()} {one.path}")
def test_requests_of_every_shape(operation: Any, served: Served) -> None:
    headers = {"Authorization": f"Bearer {served.key}"}

    @settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy())
    def send(case: Any) -> None:
        answer = case.call(base_url=served.server.address, headers=headers)
        assert answer.status_code in EXPECTED, (answer.status_code, answer.text[:300])

    send()


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(body=some.binary(max_size=200) | some.text(max_size=200).map(str.encode))
def test_bodies_that_are_no_json(served: Served, body: bytes) -> None:
    assert _sent(served, body) == 400


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 200_000,
        b'{"model":' * 50_000,
        b'{"model": "x", "messages": [{"role": "user", "content": "' + b"a" * 3_000_000 + b'"}]}',
        b'{"model": "\\ud800", "messages": [{"role": "user", "content": "\\u0000\\ud800"}]}',
        b'{"model": 1e999, "messages": NaN}',
    ],
    ids=["deep lists", "deep objects", "three megabytes", "half a character", "no number"],
)
def test_bodies_that_are_meant_to_hurt(served: Served, body: bytes) -> None:
    assert _sent(served, body) in {400, 404, 413}


def _sent(served: Served, body: bytes) -> int:
    request = urllib.request.Request(f"{served.server.address}/v1/chat/completions", body)  # noqa: S310, TID251
    request.add_header("Authorization", f"Bearer {served.key}")
    request.add_header("Content-Type", "application/json")
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310, TID251 - our own server, on loopback
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code
