"""What can go wrong with a silo. Each message is shown for that one agent; all others go on working."""

from muniment.core.errors import CorruptedError, PermanentError, TransientError


class SiloCorruptedError(CorruptedError):
    """The silo's file does not open or is damaged."""


class SiloDestroyedError(PermanentError):
    """The silo was erased."""


class SiloFullError(TransientError):
    """The disk is full: nothing was changed."""


class SiloBusyError(TransientError):
    """Another process held the silo for writing too long."""
