"""What can go wrong with a conversation."""

from muniment.core.errors import PermanentError, TransientError


class QuestionError(PermanentError):
    """The question is empty or too long."""


class TitleError(PermanentError):
    """The title of a conversation is empty or too long."""


class MaskedMeanwhileError(TransientError):
    """What the agent masks was changed while it answered somebody who may not see names."""


class CarriedError(PermanentError):
    """The earlier turns that a page brought back do not open."""

    def __init__(self) -> None:
        super().__init__(
            "The earlier part of this conversation cannot be used any more: nobody but its page keeps it, for half a "
            "day, and it ends with the server. Ask once more; a new conversation begins."
        )


class KeepingChangedError(PermanentError):
    """Whether conversations are stored was changed while the page was open."""
