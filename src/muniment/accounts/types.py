"""What other rooms learn about accounts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

IDLE = timedelta(hours=12)
ABSOLUTE = timedelta(days=7)


CONFIRMED_FOR = timedelta(minutes=10)
"""How long a password or passkey, asked for again, opens dangerous acts."""
TRUSTED_FOR = timedelta(days=30)
LINK_LIFETIME = timedelta(minutes=15)
LINKS_KEPT = timedelta(days=90)
EMAIL_CHANGES_KEPT = timedelta(days=7)
STARTED = "started"
"""In a session: when it was opened."""
OPENED_BY = "opened_by"
"""In a session: the id of the team whose identity provider opened it. It opens that team alone."""
NAME_LENGTH = 200  # characters of a person's name
LONGEST_NAME = 60  # characters of what a person calls a phone or a key


class SignInMethod(StrEnum):
    PASSWORD = "password"  # noqa: S105 - a word of the log
    PASSKEY = "passkey"
    SETUP = "setup"
    INVITATION = "invitation"
    PROVIDER = "provider"  # a team's identity provider


class LinkPurpose(StrEnum):
    RESET = "reset"  # sent to the person's own address
    RECOVERY = "recovery"  # fetched by somebody else, to be handed over
    VERIFY = "verify"
    EMAIL = "email"  # changes the address; fetched by somebody else, used by the person signed in


class Factor(StrEnum):
    """What a person has beside the password."""

    APP = "app"
    PASSKEY = "passkey"
    RECOVERY_CODE = "recovery_code"


class SecondStep(StrEnum):
    """How the second step of a sign-in was made."""

    NONE = "none"  # there is no second factor
    APP = "app"
    PASSKEY = "passkey"
    RECOVERY_CODE = "recovery_code"
    TRUSTED_BROWSER = "trusted_browser"


@dataclass(frozen=True, slots=True)
class SessionView:
    """A signed-in device. `device` is what its browser says of itself, in words; `address` where it signed in from, and
    `place` the operator's name for that (`networks`), or empty.
    """

    id: str
    device: str
    address: str
    place: str
    started: datetime
    seen: datetime
    current: bool
    team: str
    """the id of the team whose identity provider opened it; empty where the person's own password or passkey did"""


@dataclass(frozen=True, slots=True)
class Enrolment:
    """An authenticator app that is being set up. `sealed` is what the session keeps; the rest is for the page alone."""

    sealed: str
    key: str
    picture: str


@dataclass(frozen=True, slots=True)
class AppView:
    name: str
    created: datetime
    used: datetime | None


@dataclass(frozen=True, slots=True)
class PasskeyView:
    id: str
    name: str
    created: datetime
    used: datetime | None


@dataclass(frozen=True, slots=True)
class BrowserView:
    """A browser that is not asked for the second step until `expires`."""

    id: str
    device: str
    created: datetime
    used: datetime
    expires: datetime


@dataclass(frozen=True, slots=True)
class FactorsView:
    """What a person has beside the password, and how many recovery codes are left."""

    app: AppView | None
    passkeys: list[PasskeyView]
    browsers: list[BrowserView]
    codes_left: int

    @property
    def any(self) -> bool:
        return self.app is not None or bool(self.passkeys)


@dataclass(frozen=True, slots=True)
class Ceremony:
    """One use of WebAuthn: `options` for the browser, `state` for the session until the browser answers."""

    options: Mapping[str, Any]
    state: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Owed:
    """What the person's teams demand and the person does not have: each with the moment from which it is enforced."""

    factor: datetime | None
    passkey: datetime | None

    @property
    def first(self) -> datetime | None:
        return min((moment for moment in (self.factor, self.passkey) if moment), default=None)


@dataclass(frozen=True, slots=True)
class FetchedLink:
    """A recovery link that somebody fetched for the person. `by` is a name, empty for the operator of the server."""

    by: str
    at: datetime
    used: datetime | None
