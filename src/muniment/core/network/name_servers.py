"""Which name servers are asked: those of the setting, else those of the machine.

Residue accepted: they are the operator's choice, as the machine's own resolver is, so they are not judged as public or
private, and what they answer is believed. Who sits between this machine and its name server can answer in its place;
a validating resolver on the machine itself closes that.
"""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

from muniment.core.errors import SettingsError

PORT = 53
MOST = 3  # as resolv.conf(5) has it (MAXNS)
_OF_THE_MACHINE = Path("/etc/resolv.conf")
_WRITTEN = re.compile(r"\[(?P<inside>[^\]]+)\](?::(?P<port>\d+))?|(?P<four>[^:]+):(?P<four_port>\d+)|(?P<bare>.+)")


@dataclass(frozen=True, slots=True)
class NameServer:
    """`address`: an IP address in its one canonical spelling."""

    address: str
    port: int = PORT


def name_servers(text: str) -> tuple[NameServer, ...]:
    """MUNIMENT_NAME_SERVERS: addresses between blanks; empty: those of the machine are asked. SettingsError names what
    cannot be taken.
    """
    found = tuple(dict.fromkeys(map(_name_server, text.split())))
    if len(found) > MOST:
        raise SettingsError(f"MUNIMENT_NAME_SERVERS names {len(found)} servers. Name {MOST} at most.")
    return found


def of_the_machine(file: Path = _OF_THE_MACHINE) -> tuple[NameServer, ...]:
    """Read anew each time, for networks change. Where none is named it is the one on the machine: resolv.conf(5)."""
    try:
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    words = [line.split() for line in lines]
    named = [_address(line[1]) for line in words if len(line) > 1 and line[0] == "nameserver"]
    found = [NameServer(str(address)) for address in named if address is not None][:MOST]
    return tuple(found) or (NameServer("127.0.0.1"),)


def _name_server(written: str) -> NameServer:
    parts = _WRITTEN.fullmatch(written)
    inside, four, bare = (parts["inside"], parts["four"], parts["bare"]) if parts else (None, None, written)
    port = int((parts and (parts["port"] or parts["four_port"])) or PORT)
    address = _address(inside or four or bare or "")
    is_right_kind = isinstance(address, IPv6Address) if inside else four is None or isinstance(address, IPv4Address)
    if address is None or not is_right_kind or not 1 <= port <= 65535:
        raise SettingsError(
            f"MUNIMENT_NAME_SERVERS holds {written!r}. Name each server by its IP address, such as 192.0.2.53, "
            "192.0.2.53:5353 or [2001:db8::53]:5353, with blanks between."
        )
    return NameServer(str(address), port)


def _address(written: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(written)
    except ValueError:
        return None
