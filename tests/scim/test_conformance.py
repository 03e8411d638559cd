"""What an independent client finds when it goes through the protocol: scim2-tester, against the door itself."""

import uuid
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from scim2_client.engines.wsgi import WSGISCIMClient
from scim2_tester import Status, check_server, filling
from scim2_tester.checkers import patch_add, patch_replace

from tests.scim.provider import Provider


@pytest.fixture
def addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tester fills userName with anything at all; ours is an address in a domain of the team."""
    random = filling.generate_random_value

    def value(context: Any, path: Any, *rest: Any, **named: Any) -> Any:
        if str(path).endswith("userName"):
            return f"{uuid.uuid4()}@example.com"
        return random(context, path, *rest, **named)

    for module in (filling, patch_add, patch_replace):
        monkeypatch.setattr(module, "generate_random_value", value)


def door(provider: Provider) -> Callable[[dict[str, Any], Any], Iterable[bytes]]:
    """Our pages' test client as an application of WSGI: with all middleware, in the test's transaction."""

    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        given = {"CONTENT_LENGTH": "0"} | environ | {"HTTP_AUTHORIZATION": f"Bearer {provider.token}"}
        answer = provider.client.request(**given)
        start_response(f"{answer.status_code} {answer.reason_phrase}", list(answer.items()))
        return [answer.content]

    return application


@pytest.mark.usefixtures("addresses")
def test_every_check_of_the_tester_succeeds(provider: Provider, settings: Any) -> None:
    settings.MUNIMENT_API_RATE = 100_000
    client = WSGISCIMClient(door(provider), base_url=f"{settings.MUNIMENT_BASE_URL.origin}/scim/v2")
    results = check_server(client)
    assert [f"{one.title}: {one.reason}" for one in results if one.status is not Status.SUCCESS] == []
    assert len(results) > 60
