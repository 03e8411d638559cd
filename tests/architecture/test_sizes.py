"""Functions of at most 50 lines, modules of at most 400, tests included."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def _modules() -> Iterator[Path]:
    for folder in ("src", "tests", "evaluations"):
        yield from (path for path in (ROOT / folder).rglob("*.py") if "migrations" not in path.parts)


def _too_long(path: Path) -> Iterator[str]:
    text = path.read_text()
    if text.count("\n") > 400:
        yield f"{path}: {text.count(chr(10))} lines"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (node.end_lineno or 0) - node.lineno >= 50:
            yield f"{path}:{node.lineno} {node.name}"


def test_nothing_is_too_long() -> None:
    assert [found for path in _modules() for found in _too_long(path)] == []


def test_the_measure_measures(tmp_path: Path) -> None:
    long = tmp_path / "long.py"
    long.write_text("def f():\n" + "    x = 1\n" * 401)
    assert len(list(_too_long(long))) == 2
