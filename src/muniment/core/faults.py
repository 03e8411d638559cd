"""Where a fault is, told without telling what was being worked on; and the one that is nobody's: a full disk."""

import errno
import logging
import sys
import threading
import traceback
from types import TracebackType

from muniment.core.errors import MunimentError, TransientError

_log = logging.getLogger("muniment.fault")


def log_fault(error: BaseException) -> None:
    """One line: the error's type and the places it passed. Never its message, which may hold what people typed."""
    _log.error("%s %s", type(error).__name__, places(error))


def log_uncaught() -> None:
    """From here on what nobody caught, in whatever thread, is logged, and so masked, instead of printed as it is."""

    def tell(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
        if error is not None and not issubclass(kind, KeyboardInterrupt):
            _log.critical("Nobody caught this.", exc_info=(kind, error, trace))

    sys.excepthook = tell
    threading.excepthook = lambda thrown: tell(thrown.exc_type, thrown.exc_value, thrown.exc_traceback)


def known(error: Exception) -> MunimentError | None:
    """The error as one of ours: it is one, or a file, the keyring or the control plane says that the disk is full."""
    if isinstance(error, MunimentError):
        return error
    from django.db import DatabaseError  # noqa: PLC0415 - the detector logs faults too, without Django's 12 MB

    full = isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}
    if full or (isinstance(error, DatabaseError) and "disk is full" in str(error)):
        return TransientError("The disk is full. Nothing more could be kept; free some space and try again.")
    return None


def places(error: BaseException) -> str:
    """Where it happened, innermost first: function and line, no values."""
    frames = traceback.extract_tb(error.__traceback__)[-8:]
    return " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames))
