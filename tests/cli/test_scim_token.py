"""`muniment scim token`: made, listed, revoked on the server."""

import json

from tests.cli.terminal import Terminal


def test_from_made_to_revoked(installed: Terminal) -> None:
    made = json.loads(installed.run("scim", "token", "create", "--name", "Directory", "--days", "30", "--json"))
    assert made["token"].startswith("muniment_scim_")
    (listed,) = json.loads(installed.run("scim", "token", "list", "--json"))
    assert (listed["id"], listed["name"], listed["used"]) == (made["id"], "Directory", None)
    assert listed["tail"] == made["token"][-13:-9]
    assert made["token"] not in installed.run("scim", "token", "list")
    installed.run("scim", "token", "create", "--name", "Second")
    assert "Revoke one" in installed.refusal("scim", "token", "create", "--name", "Third")
    assert "no such token" in installed.refusal("scim", "token", "revoke", "a" * 26)
    assert installed.run("scim", "token", "revoke", made["id"]).strip() == "Directory is revoked."
    assert len(json.loads(installed.run("scim", "token", "list", "--json"))) == 1
