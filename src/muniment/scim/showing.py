"""A person as providers see one: as a resource of the library, or written out where there are many.

The library takes a millisecond to make one resource and to write it. A page has two hundred: where a search names no
attributes they are written here, byte for byte as it writes them (tests/scim/test_pages_are_written_alike.py).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.conf import settings
from scim2_models import Meta, Reference

from muniment.scim.models import Provisioned
from muniment.scim.schemas import Email, GroupOfUser, Name, User

COLUMNS = (
    "pk",
    "external_id",
    "given_name",
    "family_name",
    "created_at",
    "changed_at",
    "membership__suspended_at",
    "membership__user__is_active",
    "membership__user__email",
    "membership__user__name",
)
ROOT = "/scim/v2"
Held = tuple[str, str]
"""A group of somebody's: its id and its name."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What there is to see of a person, in the order of `COLUMNS`."""

    pk: str
    external_id: str
    given_name: str
    family_name: str
    created: datetime
    changed: datetime
    suspended: datetime | None
    has_account: bool
    email: str
    name: str

    @classmethod
    def of(cls, row: Provisioned) -> "Shown":
        membership, account = row.membership, row.membership.user
        return cls(
            row.pk,
            row.external_id,
            row.given_name,
            row.family_name,
            row.created_at,
            row.changed_at,
            membership.suspended_at,
            account.is_active,
            account.email,
            account.name,
        )

    @property
    def is_active(self) -> bool:
        return self.suspended is None and self.has_account

    def version(self, groups: Iterable[Held]) -> str:
        seen = (self.email, self.name, self.is_active, self.changed, *groups)
        return f'W/"{sha256(repr(seen).encode()).hexdigest()[:24]}"'


def root() -> str:
    """Where the protocol begins, as the provider knows it."""
    return f"{settings.MUNIMENT_BASE_URL.origin}{ROOT}"


def as_resource(one: Shown, groups: Sequence[Held]) -> User:
    named = Name(given_name=one.given_name or None, family_name=one.family_name or None)
    return User(
        id=one.pk,
        external_id=one.external_id or None,
        user_name=one.email,
        name=named if one.given_name or one.family_name else None,
        display_name=one.name or None,
        active=one.is_active,
        emails=[Email(value=one.email, type="work", primary=True)],
        groups=[
            GroupOfUser(value=group, ref=Reference(f"{root()}/Groups/{group}"), display=name) for group, name in groups
        ]
        or None,
        meta=Meta(
            resource_type="User",
            created=one.created,
            last_modified=one.changed,
            location=f"{root()}/Users/{one.pk}",
            version=one.version(groups),
        ),
    )


def written(one: Shown, groups: Sequence[Held]) -> dict[str, Any]:
    """The same resource as its JSON. What has no value is not there."""
    parts = {"givenName": one.given_name, "familyName": one.family_name}
    shown = {
        "schemas": [str(User.__schema__)],
        "id": one.pk,
        "externalId": one.external_id,
        "meta": {
            "resourceType": "User",
            "created": _moment(one.created),
            "lastModified": _moment(one.changed),
            "location": f"{root()}/Users/{one.pk}",
            "version": one.version(groups),
        },
        "userName": one.email,
        "name": {name: part for name, part in parts.items() if part},
        "displayName": one.name,
        "active": one.is_active,
        "emails": [{"value": one.email, "type": "work", "primary": True}],
        "groups": [{"value": group, "$ref": f"{root()}/Groups/{group}", "display": name} for group, name in groups],
    }
    return {name: value for name, value in shown.items() if value or value is False}


def _moment(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
