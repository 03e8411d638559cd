"""What can go wrong with an agent."""

from muniment.core.errors import PermanentError


class AgentNameError(PermanentError):
    """The name is empty or too long."""


class MaskingRulesError(PermanentError):
    """A rule of masking cannot be used, or there are too many; the message says which and why."""


class OpeningRefusedError(PermanentError):
    """An agent cannot be opened to chat users so, or not now; the message says why."""


class GrantRefusedError(PermanentError):
    """Nobody was named, or those who were cannot be given this."""
