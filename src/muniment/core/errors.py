"""Errors are classified by what the caller must do; the message is one sentence for a person."""


class MunimentError(Exception):
    """Base of all our errors. `str(error)` says what happened and what to do next, without personal data."""


class PermanentError(MunimentError):
    """Trying again unchanged will fail again."""


class TransientError(MunimentError):
    """Trying again later may work: a job is rescheduled with backoff."""


class TooManyRequestsError(TransientError):
    """A key was used more often than it may be; `after` seconds it may again."""

    def __init__(self, after: int) -> None:
        super().__init__(f"This key was used too often. Wait {after} s, then go on.")
        self.after = after


class NotFoundError(PermanentError):
    """The thing does not exist, or belongs to a team the actor is not in: the two are never told apart."""


class PermissionDeniedError(PermanentError):
    """The actor may see the thing but not do this to it."""


class SettingsError(PermanentError):
    """A setting is missing, contradictory or unsafe; the message says the mend. The start is refused."""


class CorruptedError(PermanentError):
    """Stored bytes do not open or do not make sense; the message names what to restore."""
