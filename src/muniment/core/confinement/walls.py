"""What a process gives up before it looks at the first byte of what strangers made. There is no way back."""

import os
import resource

from muniment.core.confinement import landlock
from muniment.core.confinement.kernel import PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS, prctl
from muniment.core.confinement.seccomp import install_filter

_ALWAYS = {
    resource.RLIMIT_NOFILE: 0,  # what is open stays open; nothing else opens
    resource.RLIMIT_FSIZE: 0,
    resource.RLIMIT_CORE: 0,
    resource.RLIMIT_MEMLOCK: 0,
    resource.RLIMIT_MSGQUEUE: 0,
}


def put_up(*, memory: int, threads: bool = False) -> bool:
    """Rlimits, no new privileges, no core dump, no files (Landlock), no calls but the needed ones (seccomp).

    `memory`: bytes beyond what is mapped now; `threads`: it may start threads. Everything to be used later must be
    loaded and open by now. False where the kernel refuses seccomp: the other walls stand, and the caller decides.
    """
    caps = {**_ALWAYS, resource.RLIMIT_AS: address_space() + memory}  # read from /proc, which Landlock closes
    if threads:
        caps[resource.RLIMIT_NOFILE] = 1  # poll(2) of one pipe is refused below; the places 0 to 2 are taken
    else:
        caps[resource.RLIMIT_NPROC] = 0  # counts the threads of every process of this user
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    # No core dump holds a document, and no other process of the same user may look inside.
    prctl(PR_SET_DUMPABLE, 0)
    landlock.forbid_everything()  # before the limit on open files: its ruleset is one
    for kind, cap in caps.items():
        lower(kind, cap, cap)
    try:
        install_filter(threads=threads)
    except OSError:
        return False
    return True


def lower(kind: int, soft: int, hard: int) -> None:
    """A limit that is never raised: a hard one that is lower already stays."""
    _, most = resource.getrlimit(kind)
    if most != resource.RLIM_INFINITY:
        soft, hard = min(soft, most), min(hard, most)
    resource.setrlimit(kind, (soft, hard))


def address_space() -> int:
    """Bytes mapped now: interpreter and libraries count for nothing against the file.

    Read without pathlib and codecs, which would touch 250 pages more; a forked child pays for each.
    """
    handle = os.open("/proc/self/statm", os.O_RDONLY)
    try:
        return int(os.read(handle, 100).split()[0]) * resource.getpagesize()
    finally:
        os.close(handle)
