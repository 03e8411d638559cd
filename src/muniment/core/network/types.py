"""The words of a refused connection."""

from dataclasses import dataclass
from enum import StrEnum


class Purpose(StrEnum):
    """What a connection is for, as the log says it."""

    MODEL = "model"
    MAIL = "mail"
    SSO = "sso"


class RefusalReason(StrEnum):
    PRIVATE = "private"  # an address that is not of the public network, and not listed by the operator
    UNENCRYPTED = "unencrypted"  # in clear, to a host that is not listed by the operator
    REDIRECT = "redirect"  # the answer leads elsewhere
    UNRECORDED = "unrecorded"  # nothing is there to record a refusal: nothing goes out


@dataclass(frozen=True, slots=True)
class Refusal:
    """`host` may name a person's machine: it is sealed in the log."""

    purpose: Purpose
    reason: RefusalReason
    scheme: str
    host: str
    port: int
