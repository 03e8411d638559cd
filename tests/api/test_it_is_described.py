"""One OpenAPI document of all APIs, and a page of it on the server itself."""

import json
import re

from django.test import Client

from muniment.api.description import PARTS, description
from tests.cast import Person


def test_every_address_is_in_it_once(alice: Person) -> None:
    answer = Client().get("/openapi.json")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")
    told = answer.json()
    each = [one["operationId"] for methods in told["paths"].values() for one in methods.values()]
    assert len(each) == len(set(each)) > 50
    for _, before, api, _ in PARTS:
        for path, methods in api.get_openapi_schema(path_prefix=before)["paths"].items():
            assert set(told["paths"][path]) == set(methods)


def test_what_it_refers_to_is_there() -> None:
    text = json.dumps(description())
    named = set(re.findall(r'"#/components/schemas/([^"]+)"', text))
    assert named
    assert named <= set(description()["components"]["schemas"])


def test_people_read_it_without_anything_from_elsewhere(alice: Person) -> None:
    page = alice.client.get("/developers").content.decode()
    assert "/api/muniment/agents/{agent}/documents" in page
    assert "delete_original" in page
    assert "https://" not in page
