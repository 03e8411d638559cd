"""What other rooms learn about accounts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

IDLE = timedelta(hours=12)
ABSOLUTE = timedelta(days=7)


class SignInMethod(StrEnum):
    PASSWORD = "password"  # noqa: S105 - a word of the log
    SETUP = "setup"
    INVITATION = "invitation"


@dataclass(frozen=True, slots=True)
class SessionView:
    """A signed-in device. `device` is what its browser says of itself, in words; `address` where it signed in from."""

    device: str
    address: str
    started: datetime
    seen: datetime
    current: bool
