"""Where a fault is, told without telling what was being worked on."""

import logging
import traceback

_log = logging.getLogger("muniment.fault")


def log_fault(error: BaseException) -> None:
    """One line: the error's type and the places it passed. Never its message, which may hold what people typed."""
    _log.error("%s %s", type(error).__name__, places(error))


def places(error: BaseException) -> str:
    """Where it happened, innermost first: function and line, no values."""
    frames = traceback.extract_tb(error.__traceback__)[-8:]
    return " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames))
