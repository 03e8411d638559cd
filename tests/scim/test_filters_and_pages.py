"""What a provider finds: filters as queries, orders, pages, attributes."""

from datetime import timedelta
from typing import Any, cast
from urllib.parse import quote

import pytest
from scim2_models import ScimFilter

from muniment.core.clock import frozen, now
from muniment.scim.models import Group, Provisioned
from muniment.scim.reading import resources
from muniment.scim.rows import rows_of
from muniment.scim.schemas import Group as GroupResource
from muniment.scim.schemas import User as UserResource
from muniment.scim.schemas import provider as described
from tests.scim.provider import Provider

USERS = [
    'userName eq "ADA@example.com"',
    'userName ne "ada@example.com"',
    'USERNAME Eq "ada@example.com"',
    'urn:ietf:params:scim:schemas:core:2.0:User:userName eq "ada@example.com"',
    'userName sw "GRACE_"',
    'userName co "_h%"',
    'userName co "a"',
    'userName ew "example.org"',
    'userName sw ""',
    'userName gt "b"',
    'userName le "grace_h%@example.com"',
    "userName pr",
    'userName eq "x\\" or userName pr"',
    'externalId eq "Ext-1"',
    'externalId eq "ext-1"',
    'externalId co "xt-"',
    'externalId co "XT-"',
    "externalId pr",
    "externalId eq null",
    'externalId ne "Ext-1"',
    'displayName eq "ada b%ron"',
    'displayName co "%"',
    'displayName co "Äs"',
    "not (displayName pr)",
    'displayName lt "b"',
    'name.givenName eq "ADA"',
    "name.familyName pr",
    "name pr",
    "active eq true",
    "active eq false",
    "active ne true",
    "not (active eq true)",
    'emails.value eq "ada@example.com"',
    'emails eq "ada@example.com"',
    'emails co "GRACE"',
    'emails[type eq "work" and value co "ada"]',
    'emails[type eq "home"]',
    'emails.type eq "work"',
    "emails[primary eq true]",
    'meta.created gt "2000-01-01T00:00:00Z"',
    'meta.lastModified lt "2000-01-01T00:00:00Z"',
    "groups pr",
    'groups.display eq "BOTANISTS"',
    'groups[display sw "bot" and value pr]',
    'groups.display ne "Botanists"',
    'userName eq "ada@example.com" or displayName eq "Åse"',
    'userName co "example" and (active eq false or externalId pr) and not (name.givenName eq "Ada")',
    'meta.resourceType eq "User"',
]
GROUPS = [
    'displayName eq "botanists"',
    'displayName sw "z"',
    'externalId eq "G1"',
    "members pr",
    "not (members pr)",
    'displayName gt "c" or externalId pr',
    'members[type eq "User"]',
]


@pytest.fixture
def people(provider: Provider) -> Provider:
    ada = provider.made(
        "ada@example.com", name={"givenName": "Ada", "familyName": "Byron"}, displayName="Ada B%ron", externalId="Ext-1"
    )
    provider.made("grace_h%@example.com", active=False)
    provider.made("ase@example.org", displayName="Åse Äsk")
    provider.made("katherine@example.com", displayName="Katherine", externalId="9")
    provider.group("Botanists", ada.id, externalId="G1")
    provider.group("Zoologists")
    return provider


def evaluated(provider: Provider, expression: str, kind: Any) -> list[str]:
    """What the library finds in all there is, in memory."""
    row = Provisioned if kind is UserResource else Group
    with described().policy:
        found = cast("Any", ScimFilter)[kind](expression)
        all_there = resources(list(rows_of(provider.team.pk, row).order_by("pk")))
        return [str(one.id) for one in all_there if found.match(one)]


@pytest.mark.parametrize(
    ("kind", "model", "expressions"), [("Users", UserResource, USERS), ("Groups", GroupResource, GROUPS)]
)
def test_filters_find_what_the_library_finds(people: Provider, kind: str, model: Any, expressions: list[str]) -> None:
    """As queries the same as by the library's own evaluator, in memory."""
    different = {}
    for expression in expressions:
        answer = people.find(expression, kind)
        found = [one["id"] for one in answer.body.get("Resources", [])]
        if answer.status != 200 or found != evaluated(people, expression, model):
            different[expression] = answer.body
    assert different == {}
    assert people.find(expressions[0], kind).body["totalResults"] == 1


def test_members_are_found_by_their_id(people: Provider) -> None:
    (ada,) = people.find('userName eq "ada@example.com"').body["Resources"]
    assert people.find(f'members.value eq "{ada["id"]}"', "Groups").found == ["Botanists"]
    assert people.find(f'members[value eq "{ada["id"]}"]', "Groups").found == ["Botanists"]
    assert people.find(f'members ne "{ada["id"]}"', "Groups").found == ["Zoologists"]
    (group,) = people.find('displayName eq "Botanists"', "Groups").body["Resources"]
    assert people.find(f'groups.value eq "{group["id"]}"').found == ["ada@example.com"]
    assert people.find(f'id eq "{ada["id"]}"').found == ["ada@example.com"]


REFUSED = [
    'title eq "x"',
    "userName",
    'userName eq "a" and',
    'emails[foo eq "x"]',
    'name.formatted eq "x"',
    'meta.location eq "x"',
    'password eq "x"',
    'userName eq "a"; DROP TABLE scim_provisioned',
    "not (" * 60 + "userName pr" + ")" * 60,
    " or ".join(['userName eq "a"'] * 60),
    f'userName eq "{"a" * 3000}"',
]


def test_what_no_query_can_say_is_refused(people: Provider) -> None:
    answers = {one: people.find(one) for one in REFUSED}
    said = {one: (answer.status, answer.body.get("scimType")) for one, answer in answers.items()}
    assert said == dict.fromkeys(REFUSED, (400, "invalidFilter"))
    assert people.find("userName pr").status == 200


def test_pages_cover_everybody_once(people: Provider) -> None:
    first = people.get("/Users?startIndex=1&count=3")
    second = people.get("/Users?startIndex=4&count=3")
    assert (first.body["totalResults"], first.body["itemsPerPage"], first.body["startIndex"]) == (4, 3, 1)
    assert len({*first.found, *second.found}) == 4
    assert people.get("/Users?count=0").body["totalResults"] == 4
    assert people.get("/Users?count=0").found == []
    assert people.get("/Users?startIndex=99").found == []


def test_orders(people: Provider) -> None:
    up = people.get("/Users?sortBy=userName").found
    assert up == sorted(up)
    assert people.get("/Users?sortBy=userName&sortOrder=descending").found == up[::-1]
    named = people.get("/Users?sortBy=displayName").body["Resources"]
    assert [one.get("displayName") for one in named][-1] is None
    assert people.get("/Users?sortBy=displayName&sortOrder=descending").body["Resources"][0].get("displayName") is None
    assert people.get("/Users?sortBy=active").found[0] == "grace_h%@example.com"
    assert people.get("/Users?sortBy=name").status == 400
    with frozen(now() + timedelta(days=1)):
        people.made("late@example.com")
    assert people.get("/Users?sortBy=meta.created").found[-1] == "late@example.com"


def test_only_what_is_asked_for_comes(people: Provider) -> None:
    (ada,) = people.find('userName eq "ada@example.com"', attributes="userName,groups").body["Resources"]
    assert set(ada) == {"schemas", "id", "userName", "groups"}
    (group,) = people.find('displayName eq "Botanists"', "Groups", excludedAttributes="members").body["Resources"]
    assert "members" not in group
    whole = people.get(f"/Groups/{group['id']}")
    assert whole.body["members"][0]["$ref"].endswith(f"/scim/v2/Users/{ada['id']}")
    assert people.get(f"/Groups/{group['id']}?excludedAttributes=members").version == whole.version


def test_a_search_by_post_finds_the_same(people: Provider) -> None:
    schema = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
    body = {"schemas": [schema], "filter": 'userName eq "ada@example.com"', "attributes": ["userName"]}
    assert people.ask("POST", "/Users/.search", body).found == ["ada@example.com"]
    both = people.ask("POST", "/.search", {"schemas": [schema], "filter": 'displayName co "b"'})
    assert both.found == ["ada@example.com", "Botanists"]
    assert people.get(f"/?filter={quote('userName pr')}").body["totalResults"] == 4
    assert people.get("/?startIndex=4&count=2").body["itemsPerPage"] == 2
    deep = people.ask("POST", "/Users/.search", {"schemas": [schema], "filter": "not (" * 60 + "id pr" + ")" * 60})
    assert deep.status == 400
