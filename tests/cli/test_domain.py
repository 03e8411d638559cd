"""`muniment domain`: a domain added, verified against a real name server, listed and removed from the server."""

from pathlib import Path

import pytest

from tests.cli.terminal import Terminal
from tests.name_server import name_server_here

pytestmark = pytest.mark.usefixtures("loopback")


def test_from_added_to_removed(tmp_path: Path) -> None:
    fresh = Terminal(tmp_path)
    added = fresh.json("domain", "add", "EXÄMPLE.org")
    record = added["record"]
    assert (added["name"], added["unicode"], added["state"]) == ("xn--exmple-cua.org", "exämple.org", "pending")
    assert (record["name"], record["type"]) == ("_muniment-challenge.xn--exmple-cua.org", "TXT")
    with name_server_here() as server:
        here = f"{server.place.address}:{server.place.port}"
        refusal = fresh.refusal("domain", "verify", "exämple.org", MUNIMENT_NAME_SERVERS=here)
        assert "There is no such record yet" in refusal
        assert f'{record["name"]}. TXT "{record["value"]}"' in refusal
        server.zones.records["_muniment-challenge.other.example"] = []
        other = fresh.json("domain", "add", "other.example")["record"]
        server.zones.records[other["name"]] = [other["value"]]
        said = fresh.run("domain", "verify", "other.example", MUNIMENT_NAME_SERVERS=here)
        assert said.startswith("other.example  verified")
    listed = {one["name"]: one["state"] for one in fresh.json("domain", "list")}
    assert listed == {"other.example": "verified", "xn--exmple-cua.org": "pending"}
    assert "xn--exmple-cua.org (exämple.org)  pending" in fresh.run("domain", "list")
    fresh.run("domain", "remove", "other.example")
    assert "no such domain" in fresh.refusal("domain", "remove", "other.example")


def test_what_is_wrong_is_said(tmp_path: Path) -> None:
    fresh = Terminal(tmp_path)
    assert "mailbox" in fresh.refusal("domain", "add", "gmail.com")
    assert "not a domain" in fresh.refusal("domain", "add", "https://example.org")
    assert "no such domain" in fresh.refusal("domain", "verify", "example.org")
    assert "MUNIMENT_NAME_SERVERS" in fresh.refusal("domain", "list", MUNIMENT_NAME_SERVERS="dns.example.org")
    fresh.run("domain", "add", "example.org")
    assert "already" in fresh.refusal("domain", "add", "example.org")
