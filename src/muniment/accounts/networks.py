"""Where an address is, in the operator's words: an office, a provider, a country. Out of a file of the operator's, so
that nobody else is asked.

CSV, one network a line: `192.0.2.0/24,Office Freiburg`, or first and last address: `192.0.2.0,192.0.2.255,DE`, as lists
of countries come. The narrowest network counts; what is no network is passed over.
"""

import csv
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import Path

from django.conf import settings

LONGEST = 60  # characters of a name
_NESTED = 64  # networks that begin below an address, among which those around it are looked for
_Address = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True)
class _Network:
    first: int
    last: int
    name: str


def place(address: str) -> str:
    """The name of the network, empty where there is none, no file, or no such address."""
    if not settings.MUNIMENT_NETWORKS:
        return ""
    try:
        number = _number(ip_address(address))
        networks, firsts = _read(Path(settings.MUNIMENT_NETWORKS))
    except (ValueError, OSError):
        return ""
    at = bisect_right(firsts, number)
    found = [one for one in networks[max(0, at - _NESTED) : at] if one.last >= number]
    return min(found, key=lambda one: one.last - one.first).name if found else ""


@lru_cache(maxsize=2)
def _read(file: Path) -> tuple[list[_Network], list[int]]:
    """Once in the life of a process: a list of all countries has some 300,000 lines."""
    with file.open(newline="", encoding="utf-8") as lines:
        networks = sorted(filter(None, map(_network, csv.reader(lines))), key=lambda one: one.first)
    return networks, [one.first for one in networks]


def _network(row: list[str]) -> _Network | None:
    try:
        if "/" in row[0]:
            network = ip_network(row[0].strip(), strict=False)
            return _Network(_number(network[0]), _number(network[-1]), row[1].strip()[:LONGEST])
        first, last = ip_address(row[0].strip()), ip_address(row[1].strip())
        return _Network(_number(first), _number(last), row[2].strip()[:LONGEST])
    except (ValueError, IndexError):
        return None


def _number(address: _Address) -> int:
    """One order for both versions: IPv4 inside ::ffff:0:0/96."""
    return int(address) + (0xFFFF << 32 if address.version == 4 else 0)
