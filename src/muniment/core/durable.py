"""Files as they must be handled where something may go wrong with them: a loss of power, or somebody's trick."""

import errno
import os
import stat
from pathlib import Path


def fsync_folder(folder: Path) -> None:
    """Makes a change to a folder survive a loss of power: POSIX asks for it apart from the file's own fsync."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def open_plain(path: Path, flags: int) -> int:
    """A descriptor of a plain file, for us alone when it is made; OSError for a link or for anything else that lies
    there.

    Attack stopped: whoever can write to a backup target puts a link where a file of ours is to lie. We would write
    through it over any file of our user's, the root key for one, or read for ever from a device.
    """
    descriptor = os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK, 0o600)  # a pipe must not let us wait for its end
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "not a plain file", str(path))
    return descriptor
