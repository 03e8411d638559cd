"""What `make` runs Muniment with is a Python that can, and the distribution's own before any other."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CAN = "import ensurepip, sys, venv; assert sys.version_info >= (3, 11)"


def can(python: str) -> bool:
    return bool(shutil.which(python)) and not subprocess.run([python, "-c", CAN], check=False, stderr=-3).returncode


def found() -> str:
    return subprocess.run([ROOT / "tools/find-python"], check=True, stdout=-1, text=True).stdout.strip()


def test_it_can_make_an_environment() -> None:
    assert can(found())


@pytest.mark.skipif(not can("/usr/bin/python3.11"), reason="the machine has no Python 3.11 of its own with venv")
def test_the_distributions_own_comes_first() -> None:
    assert found() == "/usr/bin/python3.11"


def test_make_asks_for_it_and_takes_another_that_is_named(tmp_path: Path) -> None:
    recipe = ["make", "-n", "-C", str(ROOT), "install", f"VENV={tmp_path}/venv"]
    assert "tools/find-python" in subprocess.run(recipe, check=True, stdout=-1, text=True).stdout
