"""Addresses, in and out. The guarded way out to the network will be the only one: docs/threat-model.md."""

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from muniment.core.errors import SettingsError


@dataclass(frozen=True, slots=True)
class BaseUrl:
    """The one address this installation is known under; links, redirects and cookies are made from it."""

    scheme: str
    host: str
    port: int

    @classmethod
    def parse(cls, text: str) -> "BaseUrl":
        try:
            parts = urlsplit(text)
            port = parts.port or (443 if parts.scheme == "https" else 80)
        except ValueError:
            parts, port = urlsplit(""), 0
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/") or parts.query:
            raise SettingsError("MUNIMENT_BASE_URL must look like https://muniment.example.org, without a path.")
        return cls(parts.scheme, parts.hostname, port)

    @property
    def origin(self) -> str:
        default = {"http": 80, "https": 443}[self.scheme]
        return f"{self.scheme}://{self.host}" + ("" if self.port == default else f":{self.port}")

    @property
    def is_https(self) -> bool:
        return self.scheme == "https"

    @property
    def is_loopback(self) -> bool:
        return is_loopback(self.host)


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address. Names other than localhost are never taken for loopback."""
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def listen(host: str, port: int) -> socket.socket:
    """A listening socket, or SettingsError with the mend."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host.strip("[]"), port))
    except OSError as error:
        listener.close()
        raise SettingsError(
            f"Port {port} of {host} cannot be used ({error.strerror}). Stop what uses it, or set MUNIMENT_PORT."
        ) from None
    return listener
