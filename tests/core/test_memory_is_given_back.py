"""What a process no longer needs does not stay with it: a heap pinned at its end is returned all the same."""

import resource
import subprocess
import sys
from pathlib import Path

CODE = """
from pathlib import Path
from muniment.core.process import give_memory_back

def pages():
    return int(Path("/proc/self/statm").read_text().split()[1])

pieces = [bytes(2_000) for _ in range(40_000)]
del pieces[:-1]
before = pages()
give_memory_back()
print(before - pages())
"""


def test_freed_pieces_below_a_kept_one_go_back() -> None:
    source = str(Path(__file__).resolve().parents[2] / "src")
    done = subprocess.run([sys.executable, "-c", CODE], env={"PYTHONPATH": source}, capture_output=True, check=True)
    assert int(done.stdout) * resource.getpagesize() > 40_000_000
