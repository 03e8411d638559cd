"""How often a key may be used: a token bucket for each, in this process.

Attack stopped: a program that runs wild, or a stolen key, takes the server for itself. Who asks questions also waits in
line with everybody else (`chat.services.answers`). Residue accepted: counted anew after a restart, and in each of
several server processes for itself.
"""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, IPv6Network, ip_address
from threading import Lock

from muniment.core.errors import TooManyRequestsError

WINDOW = 60  # seconds
_ONES_OWN = 64  # leading bits of an address of IPv6
_REMEMBERED = 10_000  # keys; of more, those unused for longest begin with a full bucket again


@dataclass(frozen=True, slots=True)
class Rate:
    """`left` requests at once; in `full` seconds all of `limit` again."""

    limit: int
    left: int
    full: int

    @property
    def headers(self) -> dict[str, str]:
        """draft-ietf-httpapi-ratelimit-headers-10."""
        return {
            "RateLimit-Policy": f'"key";q={self.limit};w={WINDOW}',
            "RateLimit": f'"key";r={self.left};t={self.full}',
        }


class Buckets:
    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._held: OrderedDict[str, tuple[float, float]] = OrderedDict()
        """By key: what is left, and when that was so."""

    def take(self, key: str, *, limit: int) -> Rate:
        """One request, of `limit` in a minute. Raises TooManyRequestsError."""
        moment, every = self._clock(), WINDOW / limit
        with self._lock:
            left, since = self._held.pop(key, (float(limit), moment))
            left = min(float(limit), left + (moment - since) / every)
            taken = left >= 1
            self._held[key] = (left - taken, moment)
            if len(self._held) > _REMEMBERED:
                self._held.popitem(last=False)
        if not taken:
            raise TooManyRequestsError(math.ceil((1 - left) * every))
        return Rate(limit, int(left - 1), math.ceil((limit - left + 1) * every))

    def take_from(self, address: str, *, limit: int) -> Rate:
        """The same for whoever comes from this address of the network."""
        return self.take(_network(address), limit=limit)


def _network(address: str) -> str:
    """What one subscriber has: an address of IPv4, also in the words of IPv6 (RFC 4291, 2.5.5.2), or a /64.

    Attack stopped: every line of IPv6 comes with 2^64 addresses (RFC 6177), each of which would have a full bucket. Who
    has many networks, a /48, has as many buckets.
    """
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return str(found)
    return str(found.ipv4_mapped or IPv6Network((int(found), _ONES_OWN), strict=False))


buckets = Buckets()
