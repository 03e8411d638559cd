"""Our refusals as SCIM says them (RFC 7644, section 3.12)."""

from collections.abc import Iterator
from contextlib import contextmanager

from scim2_models import (
    ConflictException,
    ForbiddenException,
    InvalidValueException,
    NotFoundException,
    SCIMException,
    UnauthorizedException,
    UniquenessException,
)

from muniment.accounts.errors import EmailRefusedError, EmailTakenError
from muniment.core.errors import MunimentError, NotFoundError, PermissionDeniedError, TransientError
from muniment.scim.errors import ProvisioningOffError, TokenRefusedError
from muniment.teams.errors import AlreadyMemberError, HeirError, LastOwnerError, NotAMemberError

_AS: tuple[tuple[type[MunimentError], type[SCIMException]], ...] = (
    (TokenRefusedError, UnauthorizedException),
    (ProvisioningOffError, ForbiddenException),
    (PermissionDeniedError, ForbiddenException),
    (LastOwnerError, ForbiddenException),
    (EmailTakenError, UniquenessException),
    (AlreadyMemberError, UniquenessException),
    (EmailRefusedError, InvalidValueException),
    (HeirError, ConflictException),
    (NotAMemberError, NotFoundException),
    (NotFoundError, NotFoundException),
)


OUR_WORDS = "ours"  # in the context of an exception whose sentence is ours, and repeats nothing of the request


class BusyException(SCIMException):
    """Something failed that may work later."""

    status = 503


def refused(kind: type[SCIMException], sentence: str) -> SCIMException:
    """To be raised. The sentence is kept for owners to read."""
    error = kind(detail=sentence)
    error.context[OUR_WORDS] = True
    return error


@contextmanager
def in_scim() -> Iterator[None]:
    """Raises what SCIM has for an error of ours; others pass, as bugs do."""
    try:
        yield
    except MunimentError as error:
        raise said(error) from error


def said(error: MunimentError) -> SCIMException:
    if isinstance(error, TransientError):
        return refused(BusyException, str(error))
    kind = next((of for ours, of in _AS if isinstance(error, ours)), InvalidValueException)
    return refused(kind, str(error))
