"""Landlock (Linux 5.13): no path may be opened, read, written, made or removed. A second wall behind seccomp.

Numbers and bits after linux/landlock.h; a kernel knows the bits of its own version and refuses later ones.
"""

import ctypes
import os

from muniment.core.confinement.kernel import syscall

_CREATE_RULESET, _RESTRICT_SELF = 444, 446
_ASK_VERSION = 1
_FILE_BITS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
"""How many kinds of access to files each version can forbid; 5 and later: all 16."""
_BOTH = 0b11
"""Network: bind and connect TCP (version 4). Scope: abstract Unix sockets and signals (version 6)."""


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


def version() -> int:
    """0 where the kernel has none or it is switched off."""
    try:
        return syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(_ASK_VERSION))
    except OSError:
        return 0


def forbid_everything() -> None:
    """For this process, until it ends. Needs PR_SET_NO_NEW_PRIVS. Without Landlock it does nothing: seccomp remains."""
    known = version()
    if not known:
        return
    bits = (1 << _FILE_BITS.get(known, 16)) - 1
    rules = _Ruleset(bits, _BOTH if known >= 4 else 0, _BOTH if known >= 6 else 0)
    size = 8 if known < 4 else 16 if known < 6 else 24
    handle = syscall(_CREATE_RULESET, ctypes.byref(rules), ctypes.c_size_t(size), ctypes.c_uint32(0))
    try:
        syscall(_RESTRICT_SELF, ctypes.c_int(handle), ctypes.c_uint32(0))
    finally:
        os.close(handle)
