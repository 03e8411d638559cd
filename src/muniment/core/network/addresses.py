"""Where something is, and whether it may be reached: parsing that leaves nothing to interpretation, and the list of
what is public.
"""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from muniment.core.errors import SettingsError
from muniment.core.network.errors import AddressError

DEFAULT_PORTS = {"http": 80, "https": 443, "smtp": 587, "smtps": 465}
CLEAR = frozenset({"http"})
"""Schemes without encryption. `smtp` begins in clear and is encrypted before anything is said (STARTTLS)."""

_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_FORBIDDEN = re.compile(r"[^!-~]|[\\\"'<>^`{|}]")

_GLOBAL_UNICAST = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
_NEVER = (
    ip_network("2002::/16"),  # 6to4 and Teredo carry an IPv4 address that routers of somebody else unpack
    ip_network("2001::/23"),
    ip_network("3fff::/20"),  # documentation; newer than this Python's list, as is the next
    ip_network("192.0.0.0/24"),
    ip_network("192.88.99.0/24"),
    ip_network("168.63.129.16/32"),  # Azure's platform services, on a public address
)

_METADATA = (ip_network("fd00:ec2::/32"), ip_network("fd20:ce::/32"), ip_network("100.100.100.200/32"))
"""Of Amazon and Google over IPv6, of Alibaba: private addresses that are no neighbour's."""


@dataclass(frozen=True, slots=True)
class Target:
    """`host`: an IP address in its one canonical spelling, without brackets, or a lower-case name."""

    scheme: str
    host: str
    port: int

    @property
    def netloc(self) -> str:
        """As a Host header writes it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.netloc}"


def split_address(text: str) -> tuple[Target, str]:
    """Target and path of an absolute URL; AddressError for whatever two programs could read differently.

    Attack stopped: `http://127.1`, `http://0x7f000001`, `http://2130706433`, `http://①②⑦.0.0.1`, a name before an @, a
    backslash: the check sees one host and the connection goes to another.
    """
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise AddressError("This is not an address. It looks like https://models.example.org/v1") from None
    plain = not _FORBIDDEN.search(text) and "@" not in parts.netloc and "?" not in text and "#" not in text
    if not plain or parts.scheme not in DEFAULT_PORTS or not parts.hostname or port == 0:
        raise AddressError(
            "This is not an address that is taken. It looks like https://models.example.org/v1: a scheme, a host, "
            "perhaps a port and a path, and no password, question mark or fragment."
        )
    return Target(parts.scheme, _host(parts.hostname), port or DEFAULT_PORTS[parts.scheme]), parts.path


def _host(written: str) -> str:
    host = written.lower().removesuffix(".")
    try:
        if ":" in host and "%" not in host:  # one with a zone means another machine on each link
            return str(IPv6Address(host))
        labels = host.split(".")
        if _NUMBER.fullmatch(labels[-1]):
            return str(IPv4Address(host))
    except ValueError:
        raise AddressError(
            "{written} is no IP address in its usual spelling, such as 192.0.2.7.", written=written
        ) from None
    if len(host) > 253 or not all(map(_LABEL.fullmatch, labels)):
        raise AddressError("The host has characters that no host name has. Write an international name as xn--…")
    return host


def is_public(address: str) -> bool:
    """Whether an address a name resolved to belongs to the public network, in whichever spelling it comes.

    Judged by the registries of IANA (RFC 6890 and its successors), with what they count as global and is not a
    machine of the public network. An IPv4 address inside an IPv6 one (mapped, NAT64) is judged itself.
    """
    try:
        found = ip_address(address)
    except ValueError:  # with a zone ("fe80::1%eth0"), or no address at all
        return False
    if isinstance(found, IPv6Address):
        inner = found.ipv4_mapped or (IPv4Address(found.packed[12:]) if found in _NAT64 else None)
        if inner is not None:
            return is_public(str(inner))
        if found not in _GLOBAL_UNICAST:
            return False
    return found.is_global and not found.is_multicast and not any(found in network for network in _NEVER)


def is_link_local(address: str) -> bool:
    """Whether it is an address of the link alone, where clouds keep their machines' credentials (169.254.169.254).

    So do those that a cloud serves the same from elsewhere, IPv4 addresses inside IPv6 ones, and what is no address.
    """
    try:
        found = ip_address(address)
    except ValueError:
        return True
    if isinstance(found, IPv6Address) and found not in _GLOBAL_UNICAST and found != IPv6Address("::1"):
        return found not in IPv6Network("fc00::/7") or any(found in network for network in _METADATA)
    return found.is_link_local or any(found in network for network in (*_NEVER, *_METADATA))


def internal_hosts(text: str) -> tuple[Target, ...]:
    """MUNIMENT_INTERNAL_HOSTS: addresses between blanks or commas. SettingsError names what cannot be taken."""
    found: dict[tuple[str, int], Target] = {}
    for written in re.split(r"[\s,]+", text.strip()) if text.strip() else []:
        target = _internal(written)
        other = found.setdefault((target.host, target.port), target)
        if other != target:
            raise SettingsError(
                f"MUNIMENT_INTERNAL_HOSTS names {target.host} port {target.port} as {other.scheme} and as "
                f"{target.scheme}. It speaks one of them: keep that one."
            )
    return tuple(found.values())


def _internal(written: str) -> Target:
    try:
        target, path = split_address(written)
    except AddressError:
        target, path = None, ""
    if target is None or path not in {"", "/"}:
        raise SettingsError(
            f"MUNIMENT_INTERNAL_HOSTS holds {written!r}. Name each host with scheme and port and nothing behind it, "
            "such as http://127.0.0.1:11434 or smtp://mail.internal:587."
        )
    return target
