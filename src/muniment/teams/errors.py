"""What can go wrong with teams."""

from muniment.core.errors import PermanentError


class LastOwnerError(PermanentError):
    """The team would be left without anybody who can administer it."""


class AlreadyMemberError(PermanentError):
    """The person is in the team."""


class NotAMemberError(PermanentError):
    """The person is not in the team."""


class AlreadyClaimedError(PermanentError):
    """The installation has an owner: there is nothing to claim."""


class SetupLinkError(PermanentError):
    """The setup link is unknown, used, replaced or older than 30 minutes; which of these is not told."""


class KitMismatchError(PermanentError):
    """The groups that were typed are not those of the recovery kit."""


class SignInPolicyError(PermanentError):
    """The policy demands what nobody could fulfil here."""
