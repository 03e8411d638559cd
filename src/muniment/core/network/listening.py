"""What this installation listens on, and under which address people come."""

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from muniment.core.errors import SettingsError

WAITING = 2048  # connections that wait in line, also those made before the server takes the first


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
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname  # as the Host header writes it
        return cls(parts.scheme, host, port)

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
    # Named TCP, asyncio sends what is written at once; else each body waits 40 ms until its head is acknowledged.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host.strip("[]"), port))
        listener.listen(WAITING)
    except OSError as error:
        listener.close()
        raise SettingsError(
            f"Port {port} of {host} cannot be used ({error.strerror}). Stop what uses it, or set MUNIMENT_PORT."
        ) from None
    return listener


def listen_as_reached(host: str, port: int, *, base_url: BaseUrl) -> list[socket.socket]:
    """Listening sockets on `host`, and where people come as localhost on the other address of that name too.

    Attack stopped: browsers try ::1 first for localhost. While we listen on 127.0.0.1 alone, somebody else with an
    account on this machine listens on ::1 with our port, and is given the setup link and the passwords.
    """
    listeners = [listen(host, port)]
    if is_loopback(host) and base_url.is_loopback:
        other = "127.0.0.1" if ":" in host else "::1"
        if _is_there(other):
            listeners.append(listen(other, port))
    return listeners


def _is_there(address: str) -> bool:
    """Whether this machine has the address: without IPv6 there is no ::1, for nobody."""
    try:
        listen(address, 0).close()
    except (OSError, SettingsError):
        return False
    return True


def check_address(*, host: str, base_url: BaseUrl, tls: bool, proxy: str, claimed: bool) -> None:
    """Whether the server may listen on `host`; SettingsError with the mend otherwise (DESIGN section 9).

    `tls`: it has a certificate of its own; `proxy`: the declared trusted proxy, or empty; `claimed`: somebody owns
    the installation. What is refused: passwords and answers in clear on a network, an installation that whoever comes
    first may claim, and links and cookies for an address under which nobody comes.
    """
    _check_proxy(proxy)
    safe = tls or bool(proxy)
    if base_url.is_https and not safe:
        raise SettingsError(
            "MUNIMENT_BASE_URL is https, but there is nothing to speak it. Set MUNIMENT_TLS_CERTIFICATE and "
            "MUNIMENT_TLS_KEY, or MUNIMENT_TRUSTED_PROXY to the address of your proxy."
        )
    if not base_url.is_https and (tls or not base_url.is_loopback):
        raise SettingsError("MUNIMENT_BASE_URL must begin with https: http is for this machine alone.")
    if is_loopback(host):
        return
    if not claimed:
        raise SettingsError(
            f"Nobody owns this installation yet, so it may not listen on {host}. Start it without MUNIMENT_HOST, "
            "claim it with the link it prints, then start it again."
        )
    if not safe:
        raise SettingsError(
            f"To listen on {host}, set MUNIMENT_TLS_CERTIFICATE and MUNIMENT_TLS_KEY, or MUNIMENT_TRUSTED_PROXY to the "
            "address of the proxy in front. Otherwise passwords and answers would cross the network in clear."
        )
    if base_url.is_loopback:
        raise SettingsError(f"To listen on {host}, set MUNIMENT_BASE_URL to the address that people will use.")


def check_certificate(*, certificate: str, key: str) -> bool:
    """Whether the server has a certificate of its own; SettingsError for half of one."""
    if bool(certificate) != bool(key):
        raise SettingsError("MUNIMENT_TLS_CERTIFICATE and MUNIMENT_TLS_KEY belong together. Set both, or none.")
    return bool(certificate)


def _check_proxy(proxy: str) -> None:
    try:
        address = ipaddress.ip_address(proxy or "127.0.0.1")
    except ValueError:
        raise SettingsError(f"MUNIMENT_TRUSTED_PROXY is {proxy!r}. Set it to one IP address.") from None
    if address.is_unspecified or address.is_multicast:
        raise SettingsError(f"MUNIMENT_TRUSTED_PROXY is {proxy}. Set it to the one address your proxy comes from.")
