"""What can go wrong with a connection, and with who arrives by it."""

from enum import StrEnum

from muniment.core.errors import MunimentError, PermanentError, TransientError


class Refused(StrEnum):
    """Why somebody whom the provider vouches for is not let in all the same."""

    NO_EMAIL = "no_email"
    UNVERIFIED_EMAIL = "unverified_email"
    OTHER_DOMAIN = "other_domain"
    SUSPENDED = "suspended"
    NOT_A_MEMBER = "not_a_member"
    UNPROVEN_ACCOUNT = "unproven_account"
    OTHER_PERSON = "other_person"
    ANOTHER_ACCOUNT = "another_account"  # while confirming: not who is signed in
    TRANSIENT = "transient"  # the provider names the person anew each time
    STALE = "stale"  # while confirming: the provider did not ask anew
    NOT_FOR_YOU = "not_for_you"  # the agent is not open to this chat user
    REPLAYED = "replayed"
    OFF = "off"
    PROTOCOL = "protocol"  # the message itself: its own reason stands beside it


class ConnectionSetUpError(PermanentError):
    """A connection cannot be as somebody wants it; what is to be changed is said. `field`: of the form, or empty."""

    def __init__(self, sentence: str, *, field: str = "", **values: object) -> None:
        super().__init__(sentence, **values)
        self.field = field


class ProviderBusyError(TransientError):
    """So many wait for this connection's provider already that no more are let wait."""


class NotAskedError(PermanentError):
    """An answer arrived in a browser that was not sent for it."""


class NotLetInError(PermanentError):
    """Somebody arrived and is not let in. `detail`: the protocol's own reason, where that is why."""

    def __init__(self, refused: Refused, sentence: str | MunimentError, *, detail: StrEnum | None = None) -> None:
        super().__init__(sentence)
        self.refused = refused
        self.detail = detail
