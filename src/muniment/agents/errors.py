"""What can go wrong with an agent."""

from muniment.core.errors import PermanentError


class AgentNameError(PermanentError):
    """The name is empty or too long."""
