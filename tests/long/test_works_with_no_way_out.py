"""Server, upload, question, deletion and proof in a network namespace without a route: nothing is missed. G-34."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NAMESPACES = (["unshare", "--net"], ["unshare", "--map-root-user", "--net"])


def _namespace() -> list[str]:
    for command in NAMESPACES:
        try:
            if subprocess.run([*command, "true"], capture_output=True, check=False).returncode == 0:
                return command
        except FileNotFoundError:
            break
    pytest.skip("NOT PROVEN HERE: this machine allows no network namespaces (run as root, with util-linux).")


@pytest.mark.long
def test_the_main_job_without_a_network(tmp_path: Path) -> None:
    command = [*_namespace(), sys.executable, "-m", "tests.long.offline", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    saw = json.loads(done.stdout.splitlines()[-1])
    assert saw["way_out"] == "ENETUNREACH"
    assert all(saw["ready"].values()), saw["ready"]
    assert "third cabinet" in saw["answer"]
    assert "Verified" in saw["receipt"]
    assert "Verified" in saw["log"]
