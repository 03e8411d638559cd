"""What can go wrong with a model, as sentences for the operator."""

from muniment.core.errors import PermanentError


class ModelFileError(PermanentError):
    """A model's file is missing or is not the one that was reviewed."""
