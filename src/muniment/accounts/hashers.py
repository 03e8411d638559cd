"""Passwords are kept as Argon2id (RFC 9106), and a storm of sign-ins cannot take the machine's memory."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.http import HttpRequest

from muniment.accounts.errors import BusyError
from muniment.core.request_threads import WAITED

AT_ONCE = 2
PATIENCE = 60.0  # seconds
_turns = threading.BoundedSemaphore(AT_ONCE)
_BUSY = "Too many people sign in at this moment. Try again in a minute."


class ArgonHasher(Argon2PasswordHasher):
    """64 MiB, three passes, two lanes: 0.1 to 0.25 s on two cores (docs/decisions/0009-setup-and-sessions.md).

    At most two at once in a process, so 128 MiB however many sign in; the others wait their turn, then are told to
    try again. Residue: who keeps both places taken delays sign-ins; the limit per address is what stops that.
    """

    memory_cost = 65_536  # KiB
    time_cost = 3
    parallelism = 2

    def encode(self, password: str, salt: str) -> str:
        with _turn(_turns):
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        with _turn(_turns):
            return super().verify(password, encoded)


def check_patience(request: HttpRequest) -> None:
    """Who waited for a minute in the line of sign-ins is told so instead of hashed, which shortens it. BusyError."""
    if request.META.get(WAITED, 0.0) > PATIENCE:
        raise BusyError(_BUSY)


@contextmanager
def _turn(turns: threading.BoundedSemaphore) -> Iterator[None]:
    if not turns.acquire(timeout=PATIENCE):
        raise BusyError(_BUSY)
    try:
        yield
    finally:
        turns.release()
