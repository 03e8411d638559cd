"""Words of provisioning."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

TOKEN_PREFIX = "muniment_scim_"  # noqa: S105 - how one begins, not one
LONGEST_LIFE = 365  # days of a token
LIVE_AT_ONCE = 2  # tokens of a team: the old one works until the provider has the new one
LOG_KEPT = 90  # days
BODY = 2**20  # bytes of a request


class Joining(StrEnum):
    """How somebody came under the provider's care."""

    CREATED = "created"  # with a new account
    JOINED = "joined"  # by an account that was there
    ADOPTED = "adopted"  # was a member already


class Act(StrEnum):
    USER_CREATED = "user_created"
    USER_ADOPTED = "user_adopted"
    USER_UPDATED = "user_updated"
    USER_SUSPENDED = "user_suspended"
    USER_RESUMED = "user_resumed"
    USER_DELETED = "user_deleted"
    GROUP_CREATED = "group_created"
    GROUP_UPDATED = "group_updated"
    GROUP_DELETED = "group_deleted"
    OTHER = "other"  # refused before it was known what was asked

    @property
    def words(self) -> str:
        return str(_WORDS[self])


_WORDS = {
    Act.USER_CREATED: _("Bring somebody into the team"),
    Act.USER_ADOPTED: _("Take charge of a member"),
    Act.USER_UPDATED: _("Change a name or an address"),
    Act.USER_SUSPENDED: _("Suspend somebody"),
    Act.USER_RESUMED: _("Let somebody act again"),
    Act.USER_DELETED: _("Remove somebody"),
    Act.GROUP_CREATED: _("Make a group"),
    Act.GROUP_UPDATED: _("Change a group"),
    Act.GROUP_DELETED: _("Delete a group"),
    Act.OTHER: _("Something else"),
}


@dataclass(frozen=True, slots=True)
class LogView:
    """One request of the provider that changed something, or was refused. `whom`: the audit reference of a person, or
    the id of a group; `reason`: why it was refused.
    """

    at: datetime
    token: str
    act: Act
    whom: str
    done: bool
    reason: str


@dataclass(frozen=True, slots=True)
class TokenView:
    id: str
    name: str
    tail: str
    created: datetime
    expires: datetime
    used: datetime | None
