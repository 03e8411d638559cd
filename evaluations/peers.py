"""Other systems to measure beside: in a virtual environment of their own, never among what Muniment needs.

It is made from requirements/evaluations.txt, pinned by hash, in the temp folder, and made anew when that file changes.
"""

import hashlib
import subprocess
import sys
import venv
from pathlib import Path

from evaluations.answers.embedding import FOLDER

PINNED = Path(__file__).resolve().parents[1] / "requirements" / "evaluations.txt"


def python() -> Path:
    """The interpreter that has them. The first call installs them: some minutes."""
    home = FOLDER / f"peers-{hashlib.sha256(PINNED.read_bytes()).hexdigest()[:12]}"
    complete = home / ".complete"
    found = home / "bin" / "python"
    if not complete.exists():
        print(f"Installing {PINNED.name} into {home}. This takes some minutes the first time.", file=sys.stderr)
        venv.create(home, clear=True, with_pip=True)
        install = ["-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input", "install"]
        subprocess.run([found, *install, "--no-deps", "--require-hashes", "-r", PINNED], check=True)
        complete.touch()
    return found
