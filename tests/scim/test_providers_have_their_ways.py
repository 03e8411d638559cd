"""Bodies as Okta and Microsoft Entra send them, with what is not in the standard: each does what was meant."""

from typing import Any

import pytest

from tests.scim.provider import ENTERPRISE, GROUP, USER, Provider, account, membership

ADA = "ada@example.com"
OKTA_CREATES = {
    "schemas": [USER],
    "userName": ADA,
    "name": {"givenName": "Ada", "familyName": "Byron"},
    "emails": [{"primary": True, "value": ADA, "type": "work"}],
    "displayName": "Ada Byron",
    "locale": "en-US",
    "externalId": "00ujl29u0le5T6Aj10h7",
    "groups": [],
    "password": "1mz050nq",
    "active": True,
}
ENTRA_CREATES = {
    "schemas": [USER, ENTERPRISE],
    "externalId": "0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef",
    "userName": ADA,
    "active": True,
    "addresses": [{"type": "work", "country": "UK", "primary": False}],
    "emails": [{"primary": True, "type": "work", "value": "Ada.Byron@elsewhere.example"}],
    "meta": {"resourceType": "User"},
    "name": {"formatted": "Ada Byron", "familyName": "Byron", "givenName": "Ada"},
    "roles": [],
    ENTERPRISE: {"department": "Engines", "manager": "00ujl29u0le5T6Aj10h8"},
}


def test_okta_creates_looks_first_and_replaces(provider: Provider) -> None:
    assert provider.find(f'userName eq "{ADA}"', startIndex="1", count="100").body["totalResults"] == 0
    made = provider.ask("POST", "/Users", OKTA_CREATES)
    assert made.status == 201
    again = provider.ask("PUT", f"/Users/{made.id}", OKTA_CREATES | {"id": made.id, "active": False})
    assert (again.status, again.body["active"]) == (200, False)
    assert provider.ask("PUT", f"/Users/{made.id}", OKTA_CREATES | {"id": made.id}).body["active"] is True


def test_okta_suspends_without_a_path_and_names_the_id(provider: Provider) -> None:
    made = provider.ask("POST", "/Users", OKTA_CREATES)
    answer = provider.patch(f"/Users/{made.id}", {"op": "replace", "value": {"id": made.id, "active": False}})
    assert answer.status == 204
    assert membership(provider.team, ADA).suspended_at is not None


def test_okta_pushes_groups(provider: Provider) -> None:
    made = provider.ask("POST", "/Users", OKTA_CREATES)
    group = provider.ask("POST", "/Groups", {"schemas": [GROUP], "displayName": "Botanists", "members": []})
    assert group.status == 201
    operations: list[dict[str, Any]] = [
        {"op": "replace", "value": {"id": group.id, "displayName": "Botany"}},
        {"op": "add", "path": "members", "value": [{"value": made.id, "display": ADA}]},
    ]
    assert provider.patch(f"/Groups/{group.id}", *operations).status == 204
    shown = provider.get(f"/Groups/{group.id}").body
    assert (shown["displayName"], shown["members"][0]["value"]) == ("Botany", made.id)
    assert (
        provider.patch(f"/Groups/{group.id}", {"op": "remove", "path": f'members[value eq "{made.id}"]'}).status == 204
    )
    assert "members" not in provider.get(f"/Groups/{group.id}").body


def test_entra_creates_with_a_manager_in_plain_text(provider: Provider) -> None:
    made = provider.ask("POST", "/Users", ENTRA_CREATES)
    assert made.status == 201, made.body
    assert made.body["displayName"] == "Ada Byron"
    assert made.body["schemas"] == [USER]
    assert made.body["emails"][0]["value"] == ADA


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "Replace", "path": "active", "value": "False"},
        {"op": "Replace", "value": {"active": "False"}},
        {"op": "replace", "path": "Active", "value": "false"},
        {"op": "Add", "path": f"{USER}:active", "value": False},
        {"op": "Replace", "path": f"{USER.lower()}:active", "value": "False"},
    ],
)
def test_entra_suspends_in_words(provider: Provider, operation: dict[str, Any]) -> None:
    made = provider.made(ADA)
    assert provider.patch(f"/Users/{made.id}", operation).status == 204
    assert membership(provider.team, ADA).suspended_at is not None
    assert provider.patch(f"/Users/{made.id}", operation | _true(operation)).status == 204
    assert membership(provider.team, ADA).suspended_at is None


def _true(operation: dict[str, Any]) -> dict[str, Any]:
    return {"value": {"active": "True"} if isinstance(operation["value"], dict) else "True"}


UNKEPT = [
    {"op": "Add", "path": 'emails[type eq "other"].value', "value": "x@elsewhere.example"},
    {"op": "Replace", "path": 'emails[type eq "work"].value', "value": "x@elsewhere.example"},
    {"op": "Replace", "path": f"{USER}:emails[primary eq true].value", "value": "x@elsewhere.example"},
    {"op": "Add", "path": 'phoneNumbers[type eq "mobile"].value', "value": "+1"},
    {"op": "Add", "path": f"{ENTERPRISE}:manager", "value": "00ujl29u0le5T6Aj10h8"},
    {"op": "Replace", "path": f"{ENTERPRISE.lower()}:department", "value": "Engines"},
    {"op": "Replace", "path": 'roles[primary eq "True"].value', "value": "owner"},
    {"op": "Replace", "value": {f"{ENTERPRISE}:department": "Engines", "emails": [{"value": "x@elsewhere.example"}]}},
    {"op": "Replace", "value": {"meta": {"resourceType": "User"}, "groups": []}},
]


def test_what_is_not_kept_does_not_keep_the_rest_from_arriving(provider: Provider) -> None:
    made = provider.made(ADA)
    refused = {
        str(one): answer.body for one in UNKEPT if (answer := provider.patch(f"/Users/{made.id}", one)).status != 204
    }
    assert refused == {}
    assert provider.get(f"/Users/{made.id}").version == made.version
    suspends = {"op": "Replace", "path": "active", "value": "False"}
    assert provider.patch(f"/Users/{made.id}", *UNKEPT, suspends).status == 204
    assert provider.get(f"/Users/{made.id}").body["active"] is False
    assert account(ADA).email == ADA


def test_entra_changes_parts_of_a_name_by_flat_keys(provider: Provider) -> None:
    made = provider.made(ADA)
    values = {"name.givenName": "Augusta", "name.familyName": "King", "displayName": "Augusta King"}
    assert provider.patch(f"/Users/{made.id}", {"op": "Add", "value": values}).status == 204
    shown = provider.get(f"/Users/{made.id}").body
    assert (shown["name"], shown["displayName"]) == ({"givenName": "Augusta", "familyName": "King"}, "Augusta King")


def test_entra_takes_members_out_by_a_list_of_values(provider: Provider) -> None:
    ada, grace = provider.made(ADA), provider.made("grace@example.com")
    group = provider.group("Botanists", ada.id, grace.id)
    operation = {"op": "Remove", "path": "members", "value": [{"value": ada.id}]}
    assert provider.patch(f"/Groups/{group.id}", operation).status == 204
    assert [one["value"] for one in provider.get(f"/Groups/{group.id}").body["members"]] == [grace.id]


def test_entra_looks_for_people_and_groups_in_its_own_words(provider: Provider) -> None:
    made = provider.made(ADA, externalId="0a21")
    provider.group("Botanists", made.id)
    assert provider.find(f'userName Eq "{ADA.upper()}"').found == [ADA]
    assert provider.find('externalId eq "0a21"').found == [ADA]
    assert provider.find(f'emails[type eq "work"].value eq "{ADA}"').found == [ADA]
    assert provider.find('displayName eq "Botanists"', "Groups", excludedAttributes="members").found == ["Botanists"]
    assert provider.find(f'id eq "{made.id}" and groups pr').found == [ADA]


@pytest.mark.parametrize("kind", ["application/scim+json", "application/json; charset=utf-8"])
def test_either_type_of_body_is_read(provider: Provider, kind: str) -> None:
    headers = {"Authorization": f"Bearer {provider.token}"}
    body = b'{"userName": "ada@example.com"}'
    answer = provider.client.post("/scim/v2/Users", body, content_type=kind, headers=headers)
    assert answer.status_code == 201
    assert answer.headers["Content-Type"] == "application/scim+json"
