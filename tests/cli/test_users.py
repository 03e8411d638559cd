"""`muniment user`, `muniment team`: people brought into a team, listed, changed and removed from the server."""

import json

from tests.cli.terminal import Terminal

PASSWORD = "a quiet reading room at dusk"


def test_from_created_to_removed(installed: Terminal) -> None:
    words = ("user", "create", "Dora@example.org", "--role", "owner", "--password-file", "-", "--json")
    code, said, error = installed.attempt(*words, given=PASSWORD + "\n")
    assert code == 0, error
    made = json.loads(said)
    assert (made["email"], made["role"], made["link"]) == ("dora@example.org", "Owner", None)
    assert made["id"] > 0
    link = json.loads(installed.run("user", "create", "eve@example.org", "--role", "member", "--json"))["link"]
    assert "/invitation#" in link
    assert [one["email"] for one in json.loads(installed.run("user", "list", "--json"))] == ["dora@example.org"]
    code, _, error = installed.attempt("user", "role", "dora@example.org", "--role", "member")
    assert (code, "last owner" in error) == (1, True)
    code, _, error = installed.attempt("user", "create", "x@example.org", "--role", "emperor")
    assert (code, "no such role" in error) == (1, True)
    assert installed.attempt("user", "remove", "dora@example.org")[0] == 2


def test_a_further_team(installed: Terminal) -> None:
    code, _, error = installed.attempt("team", "create", "Next Door", "--owner", "mallory@example.org")
    assert (code, "--password-file" in error) == (1, True)
    words = ("team", "create", "Next Door", "--owner", "mallory@example.org", "--json")
    code, said, error = installed.attempt(*words, "--password-file", "-", given=PASSWORD + "\n")
    assert code == 0, error
    further = json.loads(installed.run("team", "create", "Over the road", "--owner", "Mallory@example.org", "--json"))
    for one in (json.loads(said), further):
        members = json.loads(installed.run("user", "list", "--team", one["id"], "--json"))
        assert [(member["email"], member["role"]) for member in members] == [("mallory@example.org", "Owner")]
    assert len(json.loads(installed.run("team", "list", "--json"))) == 2
