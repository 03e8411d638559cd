"""`muniment domain`: a domain added, verified against a real name server, listed and removed from the server."""

from pathlib import Path

import pytest

from tests.cli.terminal import Terminal
from tests.name_server import name_server_here

pytestmark = pytest.mark.usefixtures("loopback")


def test_from_added_to_removed(tmp_path: Path) -> None:
    installed = Terminal(tmp_path)
    added = installed.json("domain", "add", "EXÄMPLE.org")
    record = added["record"]
    assert (added["name"], added["unicode"], added["state"]) == ("xn--exmple-cua.org", "exämple.org", "pending")
    assert (record["name"], record["type"]) == ("_muniment-challenge.xn--exmple-cua.org", "TXT")
    with name_server_here() as server:
        here = f"{server.place.address}:{server.place.port}"
        refusal = installed.refusal("domain", "verify", "exämple.org", MUNIMENT_NAME_SERVERS=here)
        assert "There is no such record yet" in refusal
        assert f'{record["name"]}. TXT "{record["value"]}"' in refusal
        server.zones.records["_muniment-challenge.other.example"] = []
        other = installed.json("domain", "add", "other.example")["record"]
        server.zones.records[other["name"]] = [other["value"]]
        said = installed.run("domain", "verify", "other.example", MUNIMENT_NAME_SERVERS=here)
        assert said.startswith("other.example  verified")
    listed = {one["name"]: one["state"] for one in installed.json("domain", "list")}
    assert listed == {"other.example": "verified", "xn--exmple-cua.org": "pending"}
    assert "xn--exmple-cua.org (exämple.org)  pending" in installed.run("domain", "list")
    installed.run("domain", "remove", "other.example")
    assert "no such domain" in installed.refusal("domain", "remove", "other.example")


def test_what_is_wrong_is_said(tmp_path: Path) -> None:
    installed = Terminal(tmp_path)
    assert "mailbox" in installed.refusal("domain", "add", "gmail.com")
    assert "not a domain" in installed.refusal("domain", "add", "https://example.org")
    assert "no such domain" in installed.refusal("domain", "verify", "example.org")
    assert "MUNIMENT_NAME_SERVERS" in installed.refusal("domain", "list", MUNIMENT_NAME_SERVERS="dns.example.org")
    installed.run("domain", "add", "example.org")
    assert "already" in installed.refusal("domain", "add", "example.org")
