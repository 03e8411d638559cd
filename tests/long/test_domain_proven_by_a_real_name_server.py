"""`muniment domain verify` asks NSD: for a record that is not there, one that is, and one in a long answer."""

from pathlib import Path

import pytest

from tests.cli.terminal import Terminal
from tests.long.identity_providers.nsd import nsd

pytestmark = pytest.mark.long


def quoted(text: str) -> str:
    """As strings of at most 255 bytes (RFC 1035, section 3.3)."""
    return " ".join(f'"{text[at : at + 255]}"' for at in range(0, len(text), 255))


def test_there_and_not_there(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    record = terminal.json("domain", "add", "here.example.org")["record"]
    terminal.run("domain", "add", "gone.example.org")
    with nsd(tmp_path / "zone", "example.org", f"{record['name']}. IN TXT {quoted(record['value'])}\n") as place:
        said = terminal.run("domain", "verify", "here.example.org", MUNIMENT_NAME_SERVERS=place)
        assert said.startswith("here.example.org  verified")
        refusal = terminal.refusal("domain", "verify", "gone.example.org", MUNIMENT_NAME_SERVERS=place)
        assert "There is no such record yet" in refusal


def test_behind_an_alias_in_an_answer_too_long_for_a_datagram(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    record = terminal.json("domain", "add", "example.org")["record"]
    others = "".join(f"proofs IN TXT {quoted(str(number) * 400)}\n" for number in range(10, 20))
    zone = f"{record['name']}. IN CNAME proofs\n{others}proofs IN TXT {quoted(record['value'])}\n"
    with nsd(tmp_path / "zone", "example.org", zone) as place:
        said = terminal.run("domain", "verify", "example.org", MUNIMENT_NAME_SERVERS=place)
        assert said.startswith("example.org  verified")
