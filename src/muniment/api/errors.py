"""What can go wrong at the HTTP doors alone."""

from muniment.core.errors import PermanentError, TransientError


class TooManyRequestsError(TransientError):
    """A key was used more often than it may be; `after` seconds it may again."""

    def __init__(self, after: int) -> None:
        super().__init__(f"This key was used too often. Wait {after} s, then go on.")
        self.after = after


class UnsupportedError(PermanentError):
    """A request asks for what Muniment does not do; the sentence says what it does instead."""
