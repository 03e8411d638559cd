"""A provider of identities, as it talks to us: with a token, in SCIM."""

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from django.test import Client

from muniment.accounts.models import User
from muniment.core.clock import now
from muniment.scim.services import create_token
from muniment.teams.models import Domain, Membership, Team
from muniment.teams.services import set_provisioning
from muniment.teams.types import DomainState, Role
from tests.cast import Person

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
MEDIA = "application/scim+json"


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any
    headers: Any

    @property
    def id(self) -> str:
        return str(self.body["id"])

    @property
    def version(self) -> str:
        return str(self.headers["ETag"])

    @property
    def found(self) -> list[str]:
        """The userNames or displayNames of a list."""
        return [one.get("userName") or one["displayName"] for one in self.body.get("Resources", [])]


@dataclass
class Provider:
    team: Team
    token: str
    client: Client = field(default_factory=Client)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """`headers` with underscores: If_Match."""
        sent = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token and "Authorization" not in told:
            told["Authorization"] = f"Bearer {self.token}"
        got = self.client.generic(method, f"/scim/v2{path}", data=sent, content_type=MEDIA, headers=told)
        return Answer(got.status_code, json.loads(got.content) if got.content else None, got.headers)

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, **headers)

    def find(self, expression: str, kind: str = "Users", **more: str) -> Answer:
        query = "&".join(f"{name}={value}" for name, value in {"filter": quote(expression), **more}.items())
        return self.get(f"/{kind}?{query}")

    def create(self, user_name: str, **more: Any) -> Answer:
        return self.ask("POST", "/Users", {"schemas": [USER], "userName": user_name, "active": True, **more})

    def made(self, user_name: str, **more: Any) -> Answer:
        answer = self.create(user_name, **more)
        assert answer.status == 201, answer.body
        return answer

    def group(self, name: str, *members: str, **more: Any) -> Answer:
        body = {"schemas": [GROUP], "displayName": name, "members": [{"value": one} for one in members], **more}
        answer = self.ask("POST", "/Groups", body)
        assert answer.status == 201, answer.body
        return answer

    def patch(self, path: str, *operations: dict[str, Any], **headers: str) -> Answer:
        return self.ask("PATCH", path, {"schemas": [PATCH], "Operations": list(operations)}, **headers)

    def bulk(self, *operations: dict[str, Any], **more: Any) -> Answer:
        return self.ask("POST", "/Bulk", {"schemas": [BULK], "Operations": list(operations), **more})


def prove(team: Team, domain: str) -> None:
    Domain.objects.create(team=team, name=domain, token="t" * 43, state=DomainState.VERIFIED, verified_at=now())


def provider_of(owner: Person, *domains: str) -> Provider:
    """For a team with these proven domains, whose policy lets a provider in."""
    for domain in domains:
        prove(owner.team, domain)
    set_provisioning(actor=owner.actor, role=Role.MEMBER, joins_on_sign_in=False, scim=True, heir=None)
    return Provider(owner.team, create_token(actor=owner.actor, name="Directory").token)


def account(email: str) -> User:
    return User.objects.get(email=email)


def membership(team: Team, email: str) -> Membership:
    return Membership.objects.select_related("user", "custom_role").get(team=team, user__email=email)
