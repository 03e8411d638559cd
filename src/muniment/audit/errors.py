"""What can go wrong with the audit log."""

from muniment.core.errors import CorruptedError, PermanentError, TransientError


class EventRefusedError(PermanentError):
    """An event was recorded outside a transaction, of an unknown kind, or with facts its kind does not declare."""


class NotCanonicalError(PermanentError):
    """A value cannot be written as canonical JSON, or bytes are not canonical JSON."""


class NotYetSequencedError(TransientError):
    """The event is not in the log yet; the sequencer will bring it in."""


class ForkError(PermanentError):
    """A witness was shown a log that does not contain the one it remembers: it shrank, or was rewritten."""


class LogDamagedError(CorruptedError):
    """The log does not hold what its checkpoints signed."""
