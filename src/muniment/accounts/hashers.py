"""Passwords are kept as Argon2id (RFC 9106), and a storm of sign-ins cannot take the machine's memory."""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from django.contrib.auth.hashers import Argon2PasswordHasher

from muniment.accounts.errors import BusyError

AT_ONCE = 2
AT_THE_DOOR = 4
PATIENCE = 60.0  # seconds
_turns = threading.BoundedSemaphore(AT_ONCE)
_door = threading.BoundedSemaphore(AT_THE_DOOR)


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


def at_the_door() -> AbstractContextManager[None]:
    """For all the work of one sign-in. Raises BusyError.

    Attack stopped: hundreds of sign-ins at once, each a thread that wants the interpreter and the database, and the
    page of somebody who is signed in waits for all of them. Those at the door wait asleep; four keep the hashing busy.
    """
    return _turn(_door)


@contextmanager
def _turn(turns: threading.BoundedSemaphore) -> Iterator[None]:
    if not turns.acquire(timeout=PATIENCE):
        raise BusyError("Too many people sign in at this moment. Try again in a minute.")
    try:
        yield
    finally:
        turns.release()
