"""Every setting, permission, event and command has a heading."""

import ast
import re
from pathlib import Path

import pytest
from click import Context

from muniment.cli.frame import muniment
from muniment.core.permissions import Permission
from muniment.core.registries import audit_kinds

ROOT = Path(__file__).resolve().parents[2]


def _settings() -> set[str]:
    tree = ast.parse((ROOT / "src" / "muniment" / "settings.py").read_text())
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    read = [call.args[0] for call in calls if call.func.id in {"_text", "_number", "_switch"}]  # type: ignore[attr-defined]
    return {argument.value for argument in read if isinstance(argument, ast.Constant)}


@pytest.mark.parametrize(
    ("page", "names"),
    [
        ("settings", _settings()),
        ("permissions", {permission.value for permission in Permission}),
        ("audit-events", {kind for kind in audit_kinds if not kind.startswith("test:")}),
        ("commands", set(muniment.list_commands(Context(muniment)))),
    ],
)
def test_every_name_has_a_heading(page: str, names: set[str]) -> None:
    headings = set(re.findall(r"^## (\S+)$", (ROOT / "docs" / f"{page}.md").read_text(), re.MULTILINE))
    assert len(names) > 5
    assert names - headings == set()
