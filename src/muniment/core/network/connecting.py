"""The one guarded way out: `connect`, for every protocol but DNS, whose servers the operator alone chooses (`dns`).

Attack stopped: a name, an address or a redirect that an administrator, a document or a provider chose leads the server
to what only the server can reach: itself, its neighbours, its cloud's metadata. The name is resolved once, every
address it gave is judged, and one of those is connected to: no second look-up can give another. What is not public is
reached only where the operator listed scheme, host and port (MUNIMENT_INTERNAL_HOSTS), and of that nothing on the link
alone, where metadata lives, unless listed by its very address. Proxies of the environment are not asked.
Residue accepted: a public address of this machine's own network counts as public.
"""

import math
import socket
import ssl
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import lru_cache
from ipaddress import ip_address

from django.conf import settings

from muniment.core.actors import Actor
from muniment.core.network.addresses import CLEAR, Target, is_link_local, is_public
from muniment.core.network.errors import EgressRefusedError, StoppedError, UnreachableError, UntrustedError
from muniment.core.network.types import Purpose, Refusal, RefusalReason
from muniment.core.registries import egress_rules

Resolver = Callable[[str, int], Sequence[str]]
"""The addresses of a host, in the order in which they are to be tried; OSError where there is none."""

TLS = frozenset({"https", "smtps"})
TRIED = 4  # addresses of one host at most
GLANCE = 0.2  # seconds after which who waits is asked whether he still does


def resolve(host: str, port: int) -> list[str]:
    """By the system's resolver, which is not asked for what is an address already."""
    with suppress(ValueError):
        return [str(ip_address(host))]
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class Line:
    """A connected socket that ends: when nothing comes for `idle` seconds, when `deadline` is past, when `stopped`."""

    def __init__(
        self, connected: socket.socket, target: Target, *, idle: float, deadline: float, stopped: Callable[[], bool]
    ) -> None:
        self._socket = connected
        self._target = target
        self._idle = idle
        self._deadline = deadline
        self._stopped = stopped

    def read(self) -> bytes:
        """What came, at least a byte; empty where the other side ended. Raises UnreachableError, StoppedError."""
        last = min(time.monotonic() + self._idle, self._deadline)
        while True:
            if self._stopped():
                raise StoppedError("Stopped.")
            left = last - time.monotonic()
            if left <= 0:
                raise late(self._target)
            self._socket.settimeout(min(left, GLANCE))
            try:
                return self._socket.recv(65536)
            except TimeoutError:
                continue
            except OSError:
                raise UnreachableError(
                    "The connection to {host} broke off. Try again.", host=self._target.host
                ) from None

    def write(self, data: bytes) -> None:
        self._socket.settimeout(max(min(self._idle, self._deadline - time.monotonic()), GLANCE))
        try:
            self._socket.sendall(data)
        except OSError:
            raise UnreachableError("The connection to {host} broke off. Try again.", host=self._target.host) from None

    def close(self) -> None:
        self._socket.close()


def connect(
    target: Target,
    *,
    actor: Actor,
    purpose: Purpose,
    timeout: float = 10.0,
    deadline: float = math.inf,
    resolver: Resolver | None = None,
) -> socket.socket:
    """A connected socket, with TLS where the scheme has it from the beginning. `timeout`: seconds for each address, and
    for TLS; `deadline`: for all of it, as `time.monotonic` says it. The name is looked up in the system's own time.

    Raises EgressRefusedError (recorded), UnreachableError, UntrustedError. Call it outside of a transaction: one that
    is rolled back takes the record of the refusal with it.
    """
    is_listed = target in settings.MUNIMENT_INTERNAL_HOSTS
    if not list(egress_rules):
        raise _refusal(RefusalReason.UNRECORDED, target)
    if target.scheme in CLEAR and not is_listed:
        raise refuse(RefusalReason.UNENCRYPTED, target, actor=actor, purpose=purpose)
    addresses = _addresses(target, resolver or resolve)
    if not all(_may_reach(address, target, is_listed=is_listed) for address in addresses):
        raise refuse(RefusalReason.PRIVATE, target, actor=actor, purpose=purpose)
    connected = _connected(addresses[:TRIED], target, timeout, deadline)
    connected.settimeout(max(0.001, min(timeout, deadline - time.monotonic())))  # of the whole handshake
    return encrypted(connected, target) if target.scheme in TLS else connected


def refuse(reason: RefusalReason, target: Target, *, actor: Actor, purpose: Purpose) -> EgressRefusedError:
    """Records a refusal, and makes the error to raise."""
    refusal = Refusal(purpose, reason, target.scheme, target.host, target.port)
    for name in egress_rules:
        egress_rules.get(name)(actor, refusal)
    return _refusal(reason, target)


def encrypted(connected: socket.socket, target: Target) -> ssl.SSLSocket:
    """TLS to the host of `target`, whose certificate must stand in the system's store. Closes the socket otherwise."""
    try:
        return tls_context().wrap_socket(connected, server_hostname=target.host)
    except ssl.SSLCertVerificationError:
        connected.close()
        raise UntrustedError(
            "This server does not trust the certificate of {host}. Have it mended there, or the operator adds "
            "its authority to the system's certificates.",
            host=target.host,
        ) from None
    except (OSError, ValueError):
        connected.close()
        raise UnreachableError(
            "{host} does not speak TLS as it should. Check scheme and port.", host=target.host
        ) from None


@lru_cache(maxsize=1)
def tls_context() -> ssl.SSLContext:
    """Not `create_default_context`: that one writes the session keys to a file when SSLKEYLOGFILE asks for it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # verifies certificate and name
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_default_certs()
    return context


def _addresses(target: Target, resolver: Resolver) -> Sequence[str]:
    try:
        found = resolver(target.host, target.port)
    except (OSError, UnicodeError):
        found = []
    if not found:
        raise UnreachableError("There is no host named {host}. Check the address.", host=target.host)
    return found


def _may_reach(address: str, target: Target, *, is_listed: bool) -> bool:
    if is_public(address):
        return True
    return is_listed and (address == target.host or not is_link_local(address))


def late(target: Target) -> UnreachableError:
    return UnreachableError("{host} did not answer in time. Try again later.", host=target.host)


def _connected(addresses: Sequence[str], target: Target, timeout: float, deadline: float) -> socket.socket:
    for address in addresses:
        patience = min(timeout, deadline - time.monotonic())
        if patience <= 0:
            raise late(target)
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        connected = socket.socket(family, socket.SOCK_STREAM)
        connected.settimeout(patience)
        try:
            connected.connect((address, target.port))  # an address, never the name: nothing is looked up again
        except OSError:
            connected.close()
            continue
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connected
    raise UnreachableError(
        "{host} does not answer on port {port}. Check that it runs.", host=target.host, port=str(target.port)
    )


def _refusal(reason: RefusalReason, target: Target) -> EgressRefusedError:
    return EgressRefusedError(reason, _SENTENCES[reason], target=target, host=target.host)


_SENTENCES = {
    RefusalReason.PRIVATE: (
        "{host} is not on the public network. The operator can allow {target} in MUNIMENT_INTERNAL_HOSTS."
    ),
    RefusalReason.UNENCRYPTED: (
        "{target} is not encrypted. Use https, or have the operator allow it in MUNIMENT_INTERNAL_HOSTS."
    ),
    RefusalReason.REDIRECT: "{host} answers that the address has moved. Enter the address it moved to.",
    RefusalReason.UNRECORDED: "Nothing may go out: there is nothing that records refusals.",
}
