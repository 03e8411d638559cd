"""What can go wrong with tokens of provisioning. What is refused of a request is an exception of `scim2_models`."""

from muniment.core.errors import PermanentError


class TokenDraftError(PermanentError):
    """A token as it was wanted cannot be."""


class TokenRefusedError(PermanentError):
    """A token is unknown, revoked or expired; which of these is not told."""


class ProvisioningOffError(PermanentError):
    """The team does not let its provider in by SCIM, now."""
