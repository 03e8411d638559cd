"""What can go wrong with a model, as sentences for the operator."""

from muniment.core.errors import PermanentError, TransientError


class ModelFileError(PermanentError):
    """A model's file is missing or is not the one that was reviewed."""


class ModelUnavailableError(TransientError):
    """A model does not answer now: it is down, too slow, overloaded, or broke off."""


class ModelRefusedError(PermanentError):
    """A model was not asked, or will not answer, until somebody changes something: key, name, budget, gate."""


class TextRefusedError(PermanentError):
    """A model, or the gate before it, does not take these texts; others it may."""


class ProviderError(PermanentError):
    """What was typed about a provider cannot be kept; the message says which part and why."""
