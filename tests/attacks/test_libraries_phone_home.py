"""Attacker: the maker of a library we install. Move: the library reports to him, below Python, where no hook of ours
sees it. Guarantee: G-34.

onnxruntime's telemetry leaves an id in the temp folder the moment it wakes up; the names it then asks for were seen
with strace. The file is the sign, and the control shows that it is one.
"""

import os
import subprocess
import sys
from pathlib import Path

OURS = "import muniment.llm.minilm.embedder as one; one.MiniLM(threads=1).embed(['a quiet room'])"
THEIRS = "import onnxruntime"


def left_in_temp(folder: Path, code: str) -> list[str]:
    """What a process of its own leaves there. It inherits nothing: with CI or TF_BUILD set, nothing is reported."""
    environment = {"PATH": os.environ["PATH"], "TMPDIR": str(folder)}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True, capture_output=True)
    return sorted(path.name for path in folder.iterdir())


def test_the_model_is_used_without_a_report_to_anybody(tmp_path: Path) -> None:
    assert left_in_temp(tmp_path, OURS) == []


def test_the_library_alone_would_report(tmp_path: Path) -> None:
    """Positive control. When this fails the library has changed: look anew at what it asks for."""
    assert left_in_temp(tmp_path, THEIRS) == [".ses"]
