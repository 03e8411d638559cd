"""What can go wrong with a conversation."""

from muniment.core.errors import PermanentError, TransientError


class QuestionError(PermanentError):
    """The question is empty or too long."""


class TitleError(PermanentError):
    """The title of a conversation is empty or too long."""


class MaskedMeanwhileError(TransientError):
    """What the agent masks was changed while it answered somebody who may not see names."""
