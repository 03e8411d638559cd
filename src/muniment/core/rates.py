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
from threading import Lock

from muniment.core.errors import TooManyRequestsError

WINDOW = 60  # seconds
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


buckets = Buckets()
