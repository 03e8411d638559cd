"""`muniment scim token`: made, listed, revoked on the server."""

import json

from tests.cli.terminal import Terminal


def test_from_made_to_revoked(fresh: Terminal) -> None:
    made = json.loads(fresh.run("scim", "token", "create", "--name", "Directory", "--days", "30", "--json"))
    assert made["token"].startswith("muniment_scim_")
    (listed,) = json.loads(fresh.run("scim", "token", "list", "--json"))
    assert (listed["id"], listed["name"], listed["used"]) == (made["id"], "Directory", None)
    assert listed["tail"] == made["token"][-13:-9]
    assert made["token"] not in fresh.run("scim", "token", "list")
    fresh.run("scim", "token", "create", "--name", "Second")
    assert "Revoke one" in fresh.refusal("scim", "token", "create", "--name", "Third")
    assert "no such token" in fresh.refusal("scim", "token", "revoke", "a" * 26)
    assert fresh.run("scim", "token", "revoke", made["id"]).strip() == "Directory is revoked."
    assert len(json.loads(fresh.run("scim", "token", "list", "--json"))) == 1
