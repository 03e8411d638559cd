"""What can go wrong with finding personal data, as sentences for an owner or the operator."""

from muniment.core.errors import PermanentError


class DetectorModelError(PermanentError):
    """The model that finds names is missing or is not the one that was reviewed."""


class PatternError(PermanentError):
    """An owner's own pattern cannot be used."""
