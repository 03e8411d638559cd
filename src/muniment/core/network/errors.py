"""Why nothing came of a connection, as sentences for the person who set its target."""

from muniment.core.errors import PermanentError, TransientError
from muniment.core.network.types import RefusalReason


class AddressError(PermanentError):
    """The text is no address of the kind that is taken."""


class EgressRefusedError(PermanentError):
    """The way out was refused by a rule; an event was recorded."""

    def __init__(self, reason: RefusalReason, sentence: str, **values: object) -> None:
        super().__init__(sentence, **values)
        self.reason = reason


class UnreachableError(TransientError):
    """Nobody answered: no such name, nobody listening, too slow, or broken off."""


class StoppedError(UnreachableError):
    """Whoever asked for it does not want it any more."""


class UnansweredError(TransientError):
    """No name server said anything that is a fact."""


class UntrustedError(PermanentError):
    """The other side cannot prove to be who it is named."""


class AnswerError(PermanentError):
    """What came back is larger than allowed, or not the protocol that was spoken."""
