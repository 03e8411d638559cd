"""What can go wrong at the HTTP doors alone."""

from muniment.core.errors import PermanentError


class UnsupportedError(PermanentError):
    """A request asks for what Muniment does not do; the sentence says what it does instead."""
