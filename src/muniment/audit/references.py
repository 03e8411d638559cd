"""References for people who are new, each with its key in the keyring before it is given out.

A key is durable before anything is sealed under it, so whoever makes one waits for the disk. Where many people come, as
a provider sends them, the keys of the next ones are made with that of the first: the disk is waited for once. What is
left when the process ends stays in the keyring and opens nothing.
"""

import threading
import time
from collections import deque

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

    def take(self) -> str:
        with self._lock:
            if not self._spare:
                self._make()
            return self._spare.popleft()

    def give_back(self, ref: str) -> None:
        """One that came to nobody."""
        with self._lock:
            self._spare.append(ref)

    def _make(self) -> None:
        moment = time.monotonic()
        self._many = min(2 * self._many, MOST) if moment - self._made < SOON else 1
        self._made = moment
        refs = [new_id() for _ in range(self._many)]
        keyring().create(*map(account_key, refs))
        self._spare.extend(refs)


references = References()
