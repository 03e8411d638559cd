"""What can go wrong with a backup or a restore. Each says what to do next."""

from muniment.core.errors import PermanentError


class TargetError(PermanentError):
    """The folder cannot be used as a backup target."""


class RestoreError(PermanentError):
    """The restore was refused; nothing was changed."""
