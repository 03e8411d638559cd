"""docs/permissions.md says of each role what the code gives it, and of each permission whether anything asks for it."""

import re
from pathlib import Path

from muniment.core.permissions import Permission
from muniment.teams.types import BUILT_IN, MAY_OWN, ON_GRANTED, OWN, PERMISSIONS, Role, completed
from muniment.teams.words import RESOURCES, ROLES

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/permissions.md").read_text("utf-8")
NAMED = {"core/permissions.py", "teams/types.py", "teams/words.py", "agents/types.py"}


def word(permission: Permission, role: Role) -> str:
    if permission in PERMISSIONS[role]:
        return "yes"
    if permission in OWN and PERMISSIONS[role] & MAY_OWN:
        return "own"
    return "granted" if permission in ON_GRANTED.get(role, ()) else "\N{EN DASH}"


def test_the_table_is_what_the_roles_hold() -> None:
    rows = dict(re.findall(r"^\| `(\w+:\w+:\w+)` \| (.*) \|$", PAGE, re.MULTILINE))
    assert rows == {one.value: " | ".join(word(one, role) for role in BUILT_IN) for one in Permission}


def test_the_page_says_which_permissions_nothing_asks_for() -> None:
    source = ROOT / "src/muniment"
    modules = [path for path in source.rglob("*.py") if str(path.relative_to(source)) not in NAMED]
    asked = {name for path in modules for name in re.findall(r"Permission\.([A-Z_]+)", path.read_text("utf-8"))}
    unasked = {one.value for one in Permission if one.name not in asked}
    said = set(re.findall(r"^## (\S+)\n(?:(?!\n##).)*Nothing asks for it yet\.", PAGE, re.MULTILINE))
    assert said == unasked


def test_each_permission_but_the_owners_is_in_the_table_of_roles() -> None:
    listed = [one for _, permissions in RESOURCES for one, _ in permissions]
    assert sorted(listed) == sorted(set(Permission) - {Permission.OWNER_UPDATE})
    assert set(ROLES) == set(BUILT_IN)


def test_the_roles_of_the_product_hold_what_their_permissions_need() -> None:
    for role in BUILT_IN:
        assert completed(PERMISSIONS[role]) == PERMISSIONS[role]
