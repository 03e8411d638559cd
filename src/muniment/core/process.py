"""What a process of ours does to itself before it touches a key."""

import ctypes
import os
import resource
import signal

_PR_SET_PDEATHSIG = 1  # man 2 prctl
_PR_SET_DUMPABLE = 4


def keep_private() -> None:
    """Files for nobody else; no core dump, and no look into this memory from other processes of the same user.

    Residue: root can still read the memory of any process.
    """
    os.umask(0o077)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _prctl(_PR_SET_DUMPABLE, 0)


def open_many_files() -> None:
    """As many as the system lets this user have: each connection, silo and upload takes some, and the usual first limit
    of 1,024 is soon reached.
    """
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def end_with(parent: int) -> None:
    """From here on this process gets SIGTERM when its parent dies. Ends it at once when that has happened already."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        raise SystemExit(0)


def give_memory_back() -> None:
    """What was freed goes back to the system (malloc_trim(3); other libraries than glibc have none and need none).

    Without it a process keeps the most it ever used: 70 MB after loading the embedding model, 45 MB after a batch.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def _prctl(option: int, value: int) -> None:
    """Linux only; elsewhere a silent no: the rest of the protection holds without it."""
    prctl = getattr(ctypes.CDLL(None, use_errno=True), "prctl", None)
    if prctl is not None and prctl(option, value, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl failed")
