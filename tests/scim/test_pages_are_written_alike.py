"""A page of people, written without the library, is byte for byte what the library writes of the same people."""

import json
from datetime import timedelta

from scim2_models import Context

from muniment.core.clock import now
from muniment.scim.models import Group, Provisioned
from muniment.scim.reading import resources
from muniment.scim.rows import rows_of
from muniment.scim.schemas import provider as described
from tests.scim.provider import Provider


def _by_the_library(provider: Provider) -> list[str]:
    with described():
        found = resources(list(rows_of(provider.team.pk, Provisioned).order_by("pk")))
        return [json.dumps(one.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE)) for one in found]


def test_of_every_kind_of_person(provider: Provider) -> None:
    ada = provider.made(
        "ada@example.com", name={"givenName": "Ada", "familyName": "Äyron"}, displayName='A "B"', externalId="Ext <1>"
    )
    provider.made("grace@example.com", active=False)
    given = provider.made("ase@example.org", name={"givenName": "Åse"})
    whole = provider.made("bo@example.com", externalId="9")
    provider.group("Botanists", ada.id, given.id)
    provider.group("Äpfel & Zoologists", ada.id)
    moment = now().replace(microsecond=0)
    Provisioned.objects.filter(pk=whole.id).update(created_at=moment, changed_at=moment + timedelta(milliseconds=20))
    expected = _by_the_library(provider)
    assert len(expected) == 4
    assert [json.dumps(one) for one in provider.get("/Users").body["Resources"]] == expected
    assert [json.dumps(one) for one in provider.get("/Users?startIndex=2&count=2").body["Resources"]] == expected[1:3]


def test_the_answer_to_who_was_made_is_the_one_to_who_asks_for_them(provider: Provider) -> None:
    full = {"name": {"givenName": "Ada", "familyName": "Äyron"}, "displayName": 'A "B"', "externalId": "Ext <1>"}
    for name, more in (("ada@example.com", full), ("bo@example.com", {}), ("eve@example.com", {"active": False})):
        made = provider.made(name, **more)
        (expected,) = [one for one in _by_the_library(provider) if json.loads(one)["id"] == made.id]
        asked = provider.get(f"/Users/{made.id}")
        assert json.dumps(made.body) == json.dumps(asked.body) == expected
        for header in ("ETag", "Content-Location", "Content-Type"):
            assert made.headers[header] == asked.headers[header], header
        assert made.headers["Location"] == made.body["meta"]["location"]


def test_what_is_asked_for_by_name_the_library_writes(provider: Provider) -> None:
    provider.made("ada@example.com", externalId="1")
    (whole,) = provider.get("/Users").body["Resources"]
    (some,) = provider.get("/Users?attributes=userName").body["Resources"]
    (without,) = provider.get("/Users?excludedAttributes=meta,groups").body["Resources"]
    assert some == {name: whole[name] for name in ("schemas", "id", "userName")}
    assert without == {name: value for name, value in whole.items() if name != "meta"}


def test_how_many_there_are_is_said_of_every_part(provider: Provider) -> None:
    for number in range(5):
        provider.made(f"p{number}@example.com")
    provider.group("Botanists")
    assert Group.objects.count() == 1
    shown = {
        "startIndex=1&count=5": 5,
        "startIndex=1&count=2": 2,
        "startIndex=4&count=2": 2,
        "startIndex=5&count=2": 1,
        "startIndex=6&count=2": 0,
        "startIndex=99&count=2": 0,
        "startIndex=1&count=0": 0,
    }
    for part, many in shown.items():
        body = provider.get(f"/Users?{part}").body
        assert (body["totalResults"], body["itemsPerPage"]) == (5, many), part
    both = provider.get("/?startIndex=5&count=2").body
    assert both["totalResults"] == 6
    assert [one["meta"]["resourceType"] for one in both["Resources"]] == ["User", "Group"]
