"""What a connection is, and what came of somebody who arrived by one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from muniment.sso.errors import Refused

if TYPE_CHECKING:
    from muniment.accounts.models import User
    from muniment.sso.models import Identity
    from muniment.teams.models import CustomRole
    from muniment.teams.types import Role

ASKED_FOR = timedelta(minutes=15)
"""How long an answer of the provider is waited for."""
ARRIVAL_KEPT = timedelta(minutes=5)
LONGEST_NAME = 60
LONGEST_SUBJECT = 1024  # characters by which a provider knows a person
WARN_DAYS = (30, 14, 7, 1)
"""How long before a certificate ends owners are told."""


class Protocol(StrEnum):
    SAML = "saml"
    OIDC = "oidc"


class Purpose(StrEnum):
    """Why somebody was sent to the provider."""

    SIGN_IN = "sign_in"
    CONFIRM = "confirm"  # who is signed in by it proves anew who he is
    TRIAL = "trial"  # an owner sees what would happen; nobody is signed in
    CHAT = "chat"  # somebody comes to ask one agent, as no member


class Way(StrEnum):
    """How somebody who arrived became one of ours."""

    KNOWN = "known"  # came before
    LINKED = "linked"  # a member with this address, who comes by this connection for the first time
    JOINED = "joined"  # has an account, and is a member from now on
    CREATED = "created"  # has an account from now on


@dataclass(frozen=True, slots=True)
class Statement:
    """What a provider said of somebody, whichever protocol it speaks; the message itself was verified.

    `subject` is by what the provider knows the person: NameID, or `sub`. `groups`: None where it says nothing of them.
    `once`: the id by which it may be used once, until `once_until`. `until`: when the session must end.
    `verified_at`: when the person was asked there. `session_index`: what the provider calls the session there.
    `id_token`: of OpenID Connect, by which the provider knows later who signs out; empty where it is not kept.
    """

    subject: str = field(repr=False)
    email: str = field(repr=False)
    email_verified: bool
    name: str = field(repr=False)
    groups: tuple[str, ...] | None = field(repr=False)
    attributes: Mapping[str, tuple[str, ...]] = field(repr=False)
    once: str = ""
    once_until: datetime | None = None
    until: datetime | None = None
    verified_at: datetime | None = None
    session_index: str = ""
    name_id_format: str = ""
    id_token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What happens to who arrived: a way in, or why not. `user`: whose account it is, where there is one; `identity`:
    by which the provider is known to mean it.
    """

    way: Way | None
    refused: Refused | None = None
    user: "User | None" = None
    role: "Role | CustomRole | None" = None
    identity: "Identity | None" = None


@dataclass(frozen=True, slots=True)
class ChatUserHere:
    """A chat user whose session stands in this moment. `groups`, `domain`: as the provider last said them; `domain` is
    of the address, empty where it says none.
    """

    ref: str
    team: str
    connection: str
    groups: frozenset[str] = field(repr=False)
    domain: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Leading:
    """Where a browser is sent: by a link, or with `fields` that it posts."""

    address: str = field(repr=False)
    fields: Mapping[str, str] = field(default_factory=dict, repr=False)
