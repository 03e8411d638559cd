"""What can go wrong with teams."""

from muniment.core.errors import PermanentError


class LastOwnerError(PermanentError):
    """The team would be left without anybody who can administer it."""


class AlreadyMemberError(PermanentError):
    """The person is in the team."""


class NotAMemberError(PermanentError):
    """The person is not in the team."""


class HeirError(PermanentError):
    """Nobody can be given what the leaving person had, or not this one."""


class RoleNameError(PermanentError):
    """The name of a role is empty, too long, or taken in this team."""


class RoleInUseError(PermanentError):
    """Somebody has this role: a replacement must be named."""


class InvitationError(PermanentError):
    """The invitation is unknown, used, withdrawn, expired or for somebody else; which of these is not told."""


class LinkWithheldError(PermanentError):
    """The invitation could not be mailed, and its link may not be shown to who asked for it."""


class AlreadyClaimedError(PermanentError):
    """The installation has an owner: there is nothing to claim."""


class SetupLinkError(PermanentError):
    """The setup link is unknown, used, replaced or older than 30 minutes; which of these is not told."""


class KitMismatchError(PermanentError):
    """The groups that were typed are not those of the recovery kit."""


class KeyDraftError(PermanentError):
    """An API key as it was wanted cannot be."""


class KeyRefusedError(PermanentError):
    """An API key is unknown, revoked, expired, or its person may not act now."""


class GroupRuleError(PermanentError):
    """Rules that give roles to groups, as they were wanted, cannot be."""


class SignInPolicyError(PermanentError):
    """The policy demands what nobody could fulfil here."""


class SsoOnlyError(PermanentError):
    """The team cannot be opened by its provider only; what is missing is said."""


class DomainNameError(PermanentError):
    """The text is no domain, or one that cannot be a team's."""


class DomainError(PermanentError):
    """The domain cannot be added, or not be looked for now."""
