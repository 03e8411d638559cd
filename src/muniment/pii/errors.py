"""What can go wrong with finding personal data, as sentences for an owner or the operator."""

from muniment.core.errors import PermanentError, TransientError


class DetectorModelError(PermanentError):
    """The model that finds names is missing or is not the one that was reviewed."""


class PatternError(PermanentError):
    """An owner's own pattern cannot be used."""


class DetectorDownError(TransientError):
    """The process that looks for personal data did not answer, or not sensibly: nothing is known to be absent."""

    def __init__(self) -> None:
        super().__init__(
            "Personal data could not be looked for, so nothing was read or sent. Try again in a minute; if that does "
            "not help, the operator finds the cause with: muniment doctor"
        )


class DetectorGoneError(DetectorDownError):
    """It ended while it was at this."""


class OutboundRefusedError(PermanentError):
    """What was to go out cannot be read as what it should be, or cannot be masked."""
