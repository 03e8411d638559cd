"""What lies on the disk, read by another process.

Locks of POSIX belong to a process, and whichever of its descriptors of a file is closed gives all of them up: who reads
a database's files here takes them from the connections of this process, and the next process to open it removes what
those still use (https://www.sqlite.org/howtocorrupt.html, section 2.2).
"""

import subprocess
from pathlib import Path


def files_with(folder: Path, words: str) -> list[Path]:
    """The files below the folder that hold these words in clear; one that goes while we look is not there."""
    assert "\n" not in words  # grep would look for each line
    looked = ("grep", "--recursive", "--files-with-matches", "--text", "--fixed-strings", "--no-messages")
    found = subprocess.run([*looked, f"--regexp={words}", str(folder)], capture_output=True, text=True, check=False)
    return [Path(line) for line in found.stdout.splitlines()]
