"""Making a change to a folder survive a loss of power: POSIX asks for it apart from the file's own fsync (fsync(2))."""

import os
from pathlib import Path


def fsync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
