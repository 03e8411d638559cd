"""How long a person's request waits for a provider, and how many of one connection wait for it at a time.

Attack stopped: the provider of one team takes connections and never answers, and each who signs in there holds a thread
and its connection to the database: after a while nobody of any team is answered.
Residue accepted: the system looks names up in its own time; counted in each of several server processes for itself.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock

from muniment.core.network.http import within
from muniment.sso.errors import ProviderBusyError

ONE = 10.0
"""Seconds for what a provider publishes: what it says of itself, or its metadata."""
ALL = 15.0
"""Seconds for all that a sign-in asks: tokens, keys, and what else is told of the person."""
PLACES = 8
"""Of one connection. A shift that begins asks five times a second, and a provider answers in less than one."""
_waiting: Counter[str] = Counter()
_lock = Lock()
_here: ContextVar[str] = ContextVar("connection_that_is_asked", default="")


@contextmanager
def asking(connection: str, seconds: float) -> Iterator[None]:
    """All that is asked of the provider in this block, by the connection's id. Raises ProviderBusyError; what is asked
    raises what `exchange` raises, when it has taken too long as well.
    """
    if _here.get() == connection:  # who has a place asks some more
        with within(seconds):
            yield
        return
    with _lock:
        if _waiting[connection] >= PLACES:
            raise ProviderBusyError("The provider takes long to answer, and others wait for it. Try again in a moment.")
        _waiting[connection] += 1
    token = _here.set(connection)
    try:
        with within(seconds):
            yield
    finally:
        _here.reset(token)
        with _lock:
            _waiting[connection] -= 1
            if not _waiting[connection]:
                del _waiting[connection]
