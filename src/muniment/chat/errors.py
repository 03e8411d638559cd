"""What can go wrong with a conversation."""

from muniment.core.errors import PermanentError


class QuestionError(PermanentError):
    """The question is empty or too long."""


class TitleError(PermanentError):
    """The title of a conversation is empty or too long."""
