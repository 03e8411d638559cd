"""Each import contract is seen refusing a violation planted into a copy of the package, and that contract alone."""

import configparser
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONTRACTS = configparser.ConfigParser()
CONTRACTS.read(ROOT / ".importlinter")
NAMES = {
    section.rpartition(":")[2]: CONTRACTS[section]["name"]
    for section in CONTRACTS.sections()
    if section.startswith("importlinter:contract:")
}


@dataclass(frozen=True)
class Planted:
    """`code` is appended to the file `path` of the package; a file that is new is made."""

    path: str
    code: str
    breaks: frozenset[str]


def _planted(path: str, code: str, *breaks: str) -> Planted:
    return Planted(path, code, frozenset(breaks))


VIOLATIONS = {
    "an import upwards": _planted("core/ids.py", "import muniment.crypto.types", "rooms"),
    "an import upwards inside a function": _planted(
        "jobs/queue.py", "def lazy():\n    from muniment.agents.selectors import agents\n    return agents", "rooms"
    ),
    "an import of a sibling": _planted("retrieval/fusion.py", "import muniment.ingest.sentences", "rooms"),
    "a room that nobody placed": _planted("lobby/__init__.py", "", "rooms"),
    "a service that uses its view": _planted("teams/services.py", "import muniment.teams.views", "inside"),
    "a model that uses its service": _planted("agents/models.py", "import muniment.agents.services", "inside"),
    "a view that uses its models": _planted("teams/views.py", "import muniment.teams.models", "views"),
    "a command that uses models": _planted("cli/team.py", "import muniment.teams.models", "views", "doors"),
    "another room's policy": _planted("chat/records.py", "import muniment.agents.policies", "doors"),
    "a hand on key material": _planted("agents/selectors.py", "import muniment.crypto.root", "keys"),
    "sealing elsewhere": _planted("chat/services.py", "import muniment.crypto.envelope", "sealing"),
    "a secret opened elsewhere": _planted("chat/services.py", "import muniment.crypto.fields", "secrets"),
    "a seed opened elsewhere": _planted("teams/services.py", "import muniment.crypto.personal", "personal"),
    "another way out": _planted("llm/services.py", "import socket", "network"),
    "a database in clear": _planted("jobs/services.py", "import sqlite3", "databases"),
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("package")
    ignored = shutil.ignore_patterns("__pycache__", "static", "templates", "*.onnx")
    shutil.copytree(ROOT / "src" / "muniment", folder / "src" / "muniment", ignore=ignored)
    shutil.copytree(ROOT / "tools", folder / "tools", ignore=ignored)
    shutil.copy(ROOT / ".importlinter", folder)
    return folder


@pytest.fixture
def planted(copy: Path, request: pytest.FixtureRequest) -> Iterator[Planted]:
    violation: Planted = request.param
    path = copy / "src" / "muniment" / violation.path
    before = path.read_text() if path.exists() else None
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"{before or ''}\n{violation.code}\n")
    yield violation
    if before is None:
        shutil.rmtree(path.parent)
    else:
        path.write_text(before)


def _report(copy: Path) -> dict[str, str]:
    """KEPT or BROKEN by the contract's id."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--cache-dir", str(copy / "cache")]
    environment = {**os.environ, "PYTHONPATH": f"{copy / 'src'}{os.pathsep}{copy}"}
    done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)
    found = dict(re.findall(r"^(.+) (KEPT|BROKEN)$", done.stdout, re.MULTILINE))
    assert set(found) == set(NAMES.values()), done.stdout + done.stderr
    return {identifier: found[name] for identifier, name in NAMES.items()}


def test_a_clean_copy_keeps_every_contract(copy: Path) -> None:
    assert set(_report(copy).values()) == {"KEPT"}


@pytest.mark.parametrize("planted", VIOLATIONS.values(), ids=VIOLATIONS, indirect=True)
def test_a_planted_violation_breaks_its_contract(copy: Path, planted: Planted) -> None:
    assert {name for name, state in _report(copy).items() if state == "BROKEN"} == planted.breaks


def test_every_contract_was_seen_refusing() -> None:
    assert set().union(*(violation.breaks for violation in VIOLATIONS.values())) == set(NAMES)


def test_nothing_is_ignored() -> None:
    assert not [section for section in CONTRACTS.sections() if "ignore_imports" in CONTRACTS[section]]
