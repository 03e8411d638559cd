import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from evaluations import __main__ as door
from evaluations.__main__ import PAGE, evaluations, filled, listed


def test_every_place_on_the_page_has_its_evaluation() -> None:
    names = evaluations(PAGE.read_text())
    assert len(names) >= 3
    assert len(set(names)) == len(names)
    assert [name for name in names if find_spec(f"evaluations.{name}") is None] == []


def test_a_table_goes_into_its_own_place_alone() -> None:
    page = "<!-- measured by one -->\nold\n<!-- end -->\ntext\n<!-- measured by two -->\nold\n<!-- end -->\n"
    once = filled(page, "two", "| new |")
    assert once == page[: page.rindex("old")] + "| new |\n<!-- end -->\n"
    assert filled(once, "two", "| new |") == once


def test_each_evaluation_says_how_long_it_takes() -> None:
    assert [name for name in evaluations(PAGE.read_text()) if "not known" in listed(name)] == []


def test_each_evaluation_can_be_started() -> None:
    """From a bare interpreter, which has no settings yet; together in one, for each begins as slowly."""
    imports = "; ".join(f"import evaluations.{name}" for name in evaluations(PAGE.read_text()))
    bare = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    command = [sys.executable, "-c", imports]
    done = subprocess.run(command, cwd=PAGE.parents[1], env=bare, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_one_that_fails_says_so_and_the_others_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.md"
    page.write_text("".join(f"<!-- measured by {name} -->\nold\n<!-- end -->\n" for name in ("peers.absent", "runs")))
    monkeypatch.setattr(door, "PAGE", page)
    monkeypatch.setattr("sys.argv", ["evaluations"])
    assert door.main() == 1
    assert "peers.absent failed" in capsys.readouterr().err
    failed, went_on = page.read_text().split("<!-- end -->")[:2]
    assert failed.endswith("old\n")
    assert "old" not in went_on
    assert "UTC, commit" in went_on
