"""Sealing cannot be taken out of the product: the baseline that does lives under evaluations/, which does not ship."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SEALING = {"seal", "unseal", "seal_stream", "unseal_stream", "unlock"}


def _rebound(path: Path) -> list[str]:
    """Assignments to a sealing function: `sealed.seal = ...`, `seal = ...`, setattr(x, "seal", ...)."""
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        targets = node.targets if isinstance(node, ast.Assign) else []
        names = [getattr(target, "attr", getattr(target, "id", "")) for target in targets]
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "setattr":
            names = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
        found += [f"{path.name}:{node.lineno}" for name in names if name in SEALING]
    return found


def test_nothing_in_the_product_replaces_sealing_or_knows_the_baseline() -> None:
    modules = list((ROOT / "src").rglob("*.py"))
    assert len(modules) > 200
    assert [found for path in modules for found in _rebound(path)] == []
    assert [path.name for path in modules if "evaluations" in path.read_text()] == []


def test_the_baseline_would_be_found() -> None:
    assert _rebound(ROOT / "evaluations" / "plaintext.py")
