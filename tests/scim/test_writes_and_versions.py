"""PATCH of every shape, several at once (Bulk), and versions: what changed meanwhile is not overwritten."""

from typing import Any

import pytest

from muniment.scim.models import Provisioned
from muniment.scim.types import BODY
from tests.scim.provider import Provider, membership

ADA = "ada@example.com"


@pytest.mark.parametrize(
    ("operation", "name"),
    [
        ({"op": "add", "path": "name.givenName", "value": "Augusta"}, {"givenName": "Augusta", "familyName": "Byron"}),
        ({"op": "replace", "path": "name", "value": {"givenName": "A"}}, {"givenName": "A", "familyName": "Byron"}),
        ({"op": "add", "value": {"name": {"familyName": "King"}}}, {"givenName": "Ada", "familyName": "King"}),
        ({"op": "remove", "path": "name.familyName"}, {"givenName": "Ada"}),
        ({"op": "remove", "path": "name"}, None),
    ],
)
def test_each_shape_of_a_patch(provider: Provider, operation: dict[str, Any], name: Any) -> None:
    made = provider.made(ADA, name={"givenName": "Ada", "familyName": "Byron"})
    assert provider.patch(f"/Users/{made.id}", operation).status == 204
    assert provider.get(f"/Users/{made.id}").body.get("name") == name


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "remove"},
        {"op": "destroy", "path": "active"},
        {"op": "remove", "path": "userName"},
        {"op": "replace", "path": "id", "value": "x"},
        {"op": "replace", "path": "groups", "value": []},
        {"op": "replace", "path": "active", "value": "perhaps"},
        {"op": "replace", "path": "userName[", "value": "x"},
        {"op": "replace", "path": "displayName", "value": "x" * 201},
        {"op": "replace", "path": "externalId", "value": "x" * 256},
        {"op": "replace", "path": "externalId", "value": "a\u0000b"},
    ],
)
def test_one_that_cannot_be_does_nothing_of_what_came_with_it(provider: Provider, operation: dict[str, Any]) -> None:
    made = provider.made(ADA)
    answer = provider.patch(f"/Users/{made.id}", {"op": "replace", "path": "active", "value": False}, operation)
    assert answer.status == 400, answer.body
    assert provider.get(f"/Users/{made.id}").version == made.version


def test_a_version_is_of_what_is_there(provider: Provider) -> None:
    made = provider.made(ADA)
    path = f"/Users/{made.id}"
    read = provider.get(path)
    assert read.version == made.version == read.body["meta"]["version"]
    assert provider.get(path, If_None_Match=read.version).status == 304
    change = {"op": "replace", "path": "displayName", "value": "Ada"}
    assert provider.patch(path, change, If_Match='W/"other"').status == 412
    assert "displayName" not in provider.get(path).body
    assert provider.patch(path, change, If_Match=read.version).status == 204
    assert provider.patch(path, change | {"value": "Eve"}, If_Match=read.version).status == 412
    assert provider.ask("DELETE", path, If_Match=read.version).status == 412
    now = provider.get(path, If_None_Match=read.version)
    assert (now.status, now.body["displayName"]) == (200, "Ada")
    assert provider.ask("DELETE", path, If_Match=now.version).status == 204


def test_a_version_changes_with_what_the_team_changes(provider: Provider) -> None:
    made = provider.made(ADA)
    member = membership(provider.team, ADA)
    member.user.name = "Ada"
    member.user.save()
    assert provider.get(f"/Users/{made.id}").version != made.version


def test_many_at_once_each_by_itself(provider: Provider) -> None:
    post = {"method": "POST", "path": "/Users"}
    answer = provider.bulk(
        {**post, "bulkId": "a", "data": {"userName": ADA, "name": {"givenName": "Ada"}}},
        {**post, "bulkId": "b", "data": {"userName": "eve@elsewhere.example"}},
        {
            "method": "POST",
            "path": "/Groups",
            "bulkId": "c",
            "data": {"displayName": "Botanists", "members": [{"value": "bulkId:a"}]},
        },
        {
            "method": "PATCH",
            "path": "/Users/bulkId:a",
            "data": {"Operations": [{"op": "Replace", "path": 'emails[type eq "work"].value', "value": "x"}]},
        },
        {"method": "DELETE", "path": "/Users/unknown"},
    )
    assert answer.status == 200
    assert [int(one["status"]) for one in answer.body["Operations"]] == [201, 400, 201, 200, 404]
    (ada,) = provider.find(f'userName eq "{ADA}"').body["Resources"]
    assert (ada["displayName"], ada["groups"][0]["display"]) == ("Ada", "Botanists")


def test_many_at_once_have_limits(provider: Provider) -> None:
    one = {"method": "DELETE", "path": "/Users/unknown"}
    assert provider.bulk(*[one] * 201).status == 413
    assert provider.bulk(one, one, one, failOnErrors=2).body["Operations"].__len__() == 2
    assert provider.bulk(*[one] * 3).status == 200


def test_a_body_has_limits(provider: Provider) -> None:
    start, end = b'{"userName": "ada@example.com", "title": "', b'"}'
    assert provider.ask("POST", "/Users", start + b"x" * BODY + end).status == 413
    deep = provider.ask("POST", "/Users", b'{"userName": "ada@example.com", "x": ' + b"[" * 5000 + b"]" * 5000 + b"}")
    assert (deep.status, deep.body["scimType"]) == (400, "invalidSyntax")
    assert provider.ask("POST", "/Users", b"userName=ada").status == 400
    assert Provisioned.objects.count() == 0
    assert provider.ask("POST", "/Users", start + b"x" * 1000 + end).status == 201


def test_what_the_server_can_do_is_said(provider: Provider) -> None:
    config = provider.get("/ServiceProviderConfig").body
    assert config["patch"]["supported"] is config["bulk"]["supported"] is config["etag"]["supported"] is True
    assert config["changePassword"]["supported"] is False
    assert config["authenticationSchemes"][0]["type"] == "oauthbearertoken"
    assert {one["name"] for one in provider.get("/ResourceTypes").body["Resources"]} == {"User", "Group"}
    user = provider.get("/Schemas/urn:ietf:params:scim:schemas:core:2.0:User").body
    assert {one["name"] for one in user["attributes"]} == {
        "userName",
        "name",
        "displayName",
        "active",
        "emails",
        "groups",
    }
    assert provider.get("/Me").status == 501
    assert provider.get("/Nothing").status == 404
    assert provider.ask("PUT", "/Users", {}).status == 405
