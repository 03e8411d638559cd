"""What a process gives up before it looks at the first byte of a file. There is no way back, and none is needed."""

import os
import resource

from muniment.ingest.errors import SandboxUnavailableError
from muniment.ingest.sandbox import landlock
from muniment.ingest.sandbox.kernel import PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS, prctl
from muniment.ingest.sandbox.seccomp import install_filter
from muniment.ingest.types import Limits

_UNAVAILABLE = (
    "This machine's kernel refuses seccomp, so files cannot be read safely; run on a kernel (or in a container) that "
    "allows it, or accept the risk by setting MUNIMENT_UNSAFE_PARSE_WITHOUT_SANDBOX."
)


def confine(limits: Limits, *, unsafe_without_seccomp: bool = False) -> None:
    """Rlimits, no new privileges, no core dump, no files (Landlock), no calls but the needed ones (seccomp).

    Everything to be used later must be loaded and open by now. Raises SandboxUnavailableError where seccomp cannot be
    installed, unless told to go on without it: then the other walls stand alone.
    """
    caps = _caps(limits)  # read from /proc, which Landlock closes
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    # No core dump holds the document, and no other process of the same user may look inside.
    prctl(PR_SET_DUMPABLE, 0)
    landlock.forbid_everything()  # before the limit on open files: its ruleset is one
    _limit_resources(caps, limits)
    try:
        install_filter()
    except OSError:
        if not unsafe_without_seccomp:
            raise SandboxUnavailableError(_UNAVAILABLE) from None


def _caps(limits: Limits) -> dict[int, int]:
    return {
        resource.RLIMIT_AS: _address_space() + limits.max_memory,
        resource.RLIMIT_NOFILE: 0,  # what is open stays open; nothing else opens
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NPROC: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_MSGQUEUE: 0,
    }


def _limit_resources(caps: dict[int, int], limits: Limits) -> None:
    for kind, cap in caps.items():
        lowered = _lowered(kind, cap)
        resource.setrlimit(kind, (lowered, lowered))
    # The soft limit's own signal says that time ran out; the hard one kills who ignores it.
    soft, hard = limits.max_seconds, limits.max_seconds + 5
    resource.setrlimit(resource.RLIMIT_CPU, (_lowered(resource.RLIMIT_CPU, soft), _lowered(resource.RLIMIT_CPU, hard)))


def _lowered(kind: int, cap: int) -> int:
    _, hard = resource.getrlimit(kind)
    return cap if hard == resource.RLIM_INFINITY else min(cap, hard)


def _address_space() -> int:
    """Bytes mapped now: interpreter and libraries count for nothing against the file.

    Read without pathlib and codecs, which would touch 250 pages more; a forked child pays for each.
    """
    handle = os.open("/proc/self/statm", os.O_RDONLY)
    try:
        return int(os.read(handle, 100).split()[0]) * resource.getpagesize()
    finally:
        os.close(handle)
