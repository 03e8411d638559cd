"""Runs the evaluations and writes their tables into docs/benchmarks.md, each into the place that names it.

python -m evaluations                      all, one after the other; a quiet machine is part of the measure
python -m evaluations deletion sealing     some
python -m evaluations --list               what there is, and how long each takes on two quiet cores
"""

import ast
import os
import platform
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "benchmarks.md"
PLACE = re.compile(r"<!-- measured by ([\w.]+) -->\n.*?<!-- end -->", re.DOTALL)


def evaluations(page: str) -> list[str]:
    """The modules under `evaluations` that the page has a place for, in its order."""
    return [place[1] for place in PLACE.finditer(page)]


def listed(name: str) -> str:
    """The first line of the evaluation's docstring, and how long it takes, as that says: "Takes about ...."."""
    text = ast.get_docstring(ast.parse((ROOT / "evaluations" / f"{name}.py").read_text())) or ""
    takes = re.search(r"Takes (about [^.]+)\.", text)
    long = " ".join(takes[1].split()) if takes else "not known how long"
    return f"{name:<12} {text.splitlines()[0]}\n{'':<12} {long}"


def filled(page: str, name: str, table: str) -> str:
    """The page with this table in the place of `name`."""
    return PLACE.sub(
        lambda place: f"<!-- measured by {name} -->\n{table.strip()}\n<!-- end -->" if place[1] == name else place[0],
        page,
    )


def measured(name: str) -> str | None:
    """What `python -m evaluations.<name>` printed; None when it failed, and then its complaint is on the terminal."""
    command = [sys.executable, "-m", f"evaluations.{name}"]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    return None if done.returncode else f"{done.stdout.strip()}\n\n{_when()}"


def _when() -> str:
    revision = ["git", "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(revision, cwd=ROOT, capture_output=True, text=True, check=False)
    load = os.getloadavg()[1]
    return (
        f"*{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, commit {commit.stdout.strip()}, {_processor()}, "
        f"{os.cpu_count()} cores, {_memory():.0f} GiB, Python {platform.python_version()}, load {load:.1f}*"
    )


def _processor() -> str:
    found = re.search(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return found[1] if found else platform.machine()


def _memory() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30


def main() -> int:
    known = evaluations(PAGE.read_text())
    if sys.argv[1:] == ["--list"]:
        print("\n".join(listed(name) for name in known))
        return 0
    wanted = sys.argv[1:] or known
    if unknown := set(wanted) - set(known):
        sys.exit(f"There is no place for {', '.join(sorted(unknown))} in {PAGE}. There is: {', '.join(known)}.")
    failed = []
    for name in wanted:
        print(f"\n{name}\n", flush=True)
        table = measured(name)
        if table is None:
            print(f"{name} failed; its old table stands.", file=sys.stderr, flush=True)
            failed.append(name)
            continue
        print(table, flush=True)
        PAGE.write_text(filled(PAGE.read_text(), name, table))
    if failed:
        print(f"Failed: {', '.join(failed)}", file=sys.stderr)
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
