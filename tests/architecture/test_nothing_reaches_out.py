"""Importing every module and doing the main job asks for no socket of the network. G-34.

What libraries do below Python is seen by tests/long/test_works_with_no_way_out.py, where there is no network at all.
"""

import json
import subprocess
import sys
from pathlib import Path

from tests.long.command_line import Installation

ROOT = Path(__file__).resolve().parents[2]
PLANTED = """
import socket, sys
from tests.long.listening import note, noted
sys.addaudithook(note)
try:
    socket.create_connection(("127.0.0.1", 9), timeout=5)
except OSError:
    pass
print(noted)
"""


def test_the_main_job_asks_for_no_network(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.long.inside", "tests.long.listening", str(tmp_path)]
    environment = Installation(tmp_path).environment
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["modules"] > 150
    assert found["answered"]
    assert found["network"] == []


def test_one_that_did_would_be_seen(tmp_path: Path) -> None:
    environment = {**Installation(tmp_path).environment, "DJANGO_SETTINGS_MODULE": "muniment.settings"}
    code = f"import django; django.setup(){PLANTED}"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert "socket.connect" in done.stdout, done.stderr
