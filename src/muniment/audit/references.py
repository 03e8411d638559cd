"""References for people who are new, each with its key in the keyring before it is given out.

A key is durable before anything is sealed under it, so whoever makes one waits for the disk. Where many people come, as
a provider sends them, the keys of the next ones are made with that of the first: the disk is waited for once. What is
left when the process ends stays in the keyring and opens nothing.
"""

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from muniment.audit.sealing import account_key
from muniment.core.ids import new_id
from muniment.crypto.services import keyring

MOST = 32  # made at once
SOON = 10.0  # seconds within which more were needed: then twice as many are made


class References:
    """A process's."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._spare: deque[str] = deque()
        self._many = 1
        self._made = float("-inf")

    @contextmanager
    def one(self) -> Iterator[str]:
        """It comes to nobody, and goes to who comes next, when the block raises."""
        ref = self._take()
        try:
            yield ref
        except BaseException:
            with self._lock:
                self._spare.append(ref)
            raise

    def _take(self) -> str:
        """One whose key is gone, since the keyring was put back, is given to nobody: no key is made anew."""
        with self._lock:
            while True:
                if not self._spare:
                    self._make()
                ref = self._spare.popleft()
                if keyring().holds(account_key(ref)):
                    return ref

    def _make(self) -> None:
        moment = time.monotonic()
        many = min(2 * self._many, MOST) if moment - self._made < SOON else 1
        refs = [new_id() for _ in range(many)]
        keyring().create(*map(account_key, refs))
        self._spare.extend(refs)
        self._many, self._made = many, moment


references = References()
