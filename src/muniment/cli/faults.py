"""What the machine refused, in one sentence. A fault of ours stays a traceback: it must be seen and mended."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError

from muniment.core.errors import MunimentError, PermanentError, TransientError

_FULL = "The disk is full. Free some space and run the command again."


@contextmanager
def told() -> Iterator[None]:
    """Turns what files, disk and control plane refuse into errors of ours."""
    try:
        yield
    except OSError as error:
        if error.errno == errno.EPIPE:  # who read our output has left: click ends the command
            raise
        raise PermanentError(_sentence(error)) from None
    except DatabaseError as error:
        known = _of_database(str(error))
        if known is None:
            raise
        raise known from None


def _sentence(error: OSError) -> str:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return _FULL
    what = f"{error.filename} cannot be used" if error.filename else "The system refused"
    return f"{what} ({error.strerror or type(error).__name__}). Check that it is there and that you may use it."


def _of_database(said: str) -> MunimentError | None:
    if "locked" in said or "busy" in said:
        return TransientError("Other work keeps the installation busy. Run the command again in a moment.")
    if "disk is full" in said:
        return PermanentError(_FULL)
    if "unable to open" in said or "readonly" in said:
        return PermanentError("The home cannot be written. Check MUNIMENT_HOME and that you may write there.")
    if "malformed" in said or "not a database" in said or "disk I/O" in said:
        return PermanentError("The control plane is damaged, or its disk is. Restore from a backup: muniment restore.")
    return None
