"""Repeated measurements, each in a process of its own, told as medians with their spread."""

import json
import subprocess
import sys
from collections.abc import Sequence
from statistics import median


def run(module: str, *arguments: str) -> dict[str, float]:
    """Runs `python -m module arguments` and reads the JSON object of its last line."""
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr[-3000:]}")
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


def spread(values: Sequence[float], digits: int = 2) -> str:
    """Median (lowest to highest)"""
    return f"{median(values):.{digits}f} ({min(values):.{digits}f} to {max(values):.{digits}f})"


def row(*cells: object) -> str:
    return "| " + " | ".join(str(cell) for cell in cells) + " |"
