"""The resources as providers see them, and what this server says it can do (RFC 7643, sections 4, 5, 7).

The schemas are the standard's with fewer attributes: what nothing here is for, as a telephone number, the department or
the manager, is taken without complaint and not kept (Article 5(1)(c) GDPR). `password`, `roles` and `entitlements` are
among it: who signs in how, and as what, is not the provider's to send.
"""

from functools import cached_property, lru_cache
from typing import Annotated, Any, ClassVar

from pydantic import Field
from scim2_models import (
    URN,
    AuthenticationScheme,
    Bulk,
    CaseExact,
    ChangePassword,
    ComplexAttribute,
    ETag,
    External,
    Filter,
    Mutability,
    Patch,
    Reference,
    Required,
    Resource,
    Schema,
    ScimPolicy,
    ScimProvider,
    ServiceProviderConfig,
    Sort,
    Uniqueness,
)

from muniment.scim.types import BODY

OPERATIONS = 200  # of one bulk request
PAGE = 200  # resources of one answer


class Name(ComplexAttribute):
    given_name: str | None = None
    family_name: str | None = None


class Email(ComplexAttribute):
    value: Annotated[str | None, Mutability.read_only] = None
    type: Annotated[str | None, Mutability.read_only] = None
    primary: Annotated[bool | None, Mutability.read_only] = None


class GroupOfUser(ComplexAttribute):
    value: Annotated[str | None, Mutability.read_only, CaseExact.true] = None
    ref: Annotated[Reference["Group"] | None, Mutability.read_only] = Field(
        None, serialization_alias="$ref", validation_alias="$ref"
    )
    display: Annotated[str | None, Mutability.read_only] = None


class User(Resource[Any]):
    """`user_name` is the e-mail address by which the person signs in; `emails` shows it, and is not written."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:User")

    user_name: Annotated[str | None, Uniqueness.server, Required.true] = None
    name: Name | None = None
    Name: ClassVar[type[ComplexAttribute]] = Name
    display_name: str | None = None
    active: bool | None = None
    emails: Annotated[list[Email] | None, Mutability.read_only] = None
    Emails: ClassVar[type[ComplexAttribute]] = Email
    groups: Annotated[list[GroupOfUser] | None, Mutability.read_only] = None
    Groups: ClassVar[type[ComplexAttribute]] = GroupOfUser


class Member(ComplexAttribute):
    value: Annotated[str | None, Mutability.immutable, CaseExact.true] = None
    ref: Annotated[Reference["User"] | None, Mutability.immutable] = Field(
        None, serialization_alias="$ref", validation_alias="$ref"
    )
    type: Annotated[str | None, Mutability.immutable] = Field(None, examples=["User"])


class Group(Resource[Any]):
    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:Group")

    display_name: Annotated[str | None, Uniqueness.server, Required.true] = None
    members: list[Member] | None = None
    Members: ClassVar[type[ComplexAttribute]] = Member


class Provider(ScimProvider):
    @cached_property
    def schemas(self) -> tuple[Schema, ...]:
        """Somebody acts or does not: `active` cannot be nothing, so it is published as required. Who sends none is
        understood all the same: a new person acts, one who is there stays as they are.
        """
        found = super().schemas
        for attribute in found[0].attributes or []:
            if attribute.name == "active":
                attribute.required = Required.true
        return found


@lru_cache(1)
def provider() -> ScimProvider:
    """What is tolerated is what Microsoft Entra and Okta send (docs/rooms/scim.md)."""
    return Provider(
        models=[User, Group],
        config=ServiceProviderConfig(
            documentation_uri=None,
            patch=Patch(supported=True),
            bulk=Bulk(supported=True, max_operations=OPERATIONS, max_payload_size=BODY),
            filter=Filter(supported=True, max_results=PAGE),
            change_password=ChangePassword(supported=False),
            sort=Sort(supported=True),
            etag=ETag(supported=True),
            authentication_schemes=[
                AuthenticationScheme(
                    type=AuthenticationScheme.Type.oauthbearertoken,
                    name="Token of the team",
                    description="A token that an owner of the team makes: Authorization: Bearer <token>",
                    spec_uri=Reference[External]("https://www.rfc-editor.org/info/rfc6750"),
                    primary=True,
                )
            ],
        ),
        policy=ScimPolicy(
            unknown=ScimPolicy.Unknown.ignore,
            remove_value_as_filter=ScimPolicy.RemoveValue.apply,
            unmatched_path_filter=ScimPolicy.UnmatchedPathFilter.create,
        ),
    )
