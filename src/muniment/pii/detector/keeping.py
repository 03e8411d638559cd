"""Who keeps the detector alive: `serve` does, and whoever needs one where none runs.

Exactly one of a folder looks through texts: it holds the folder's lock. Another that was started meanwhile waits for
the lock and takes over, so that everybody who needs one may start one.
"""

import fcntl
import os
import threading
from pathlib import Path

from muniment.core.child_process import ChildProcess
from muniment.core.durable import open_plain

LOCK = "lock"

_starting = threading.Lock()
_kept: dict[Path, ChildProcess] = {}


def keep_running(folder: Path, *, threads: int, model: Path | None = None) -> None:
    """A detector of this folder lives from now on as long as this process, or until `stop`."""
    with _starting:
        if folder not in _kept:
            arguments = [str(folder), "--parent", str(os.getpid()), "--threads", str(threads)]
            arguments += ["--model", str(model)] if model else []
            _kept[folder] = ChildProcess("detector", "muniment.pii.detector", arguments)
            _kept[folder].start()


def stop(folder: Path) -> None:
    """Ends the one that this process keeps, if it does."""
    with _starting:
        kept = _kept.pop(folder, None)
    if kept is not None:
        kept.stop()


def is_there(folder: Path) -> bool:
    """Whether a process holds the folder's lock: it answers, or will in a moment."""
    try:
        lock = open_plain(folder / LOCK, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(lock)
    return False
