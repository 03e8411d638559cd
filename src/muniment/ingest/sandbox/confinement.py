"""The walls around the reader of one file."""

import resource

from muniment.core.confinement.walls import lower, put_up
from muniment.ingest.errors import SandboxUnavailableError
from muniment.ingest.types import Limits

_UNAVAILABLE = (
    "This machine's kernel refuses seccomp, so files cannot be read safely; run on a kernel (or in a container) that "
    "allows it, or accept the risk by setting MUNIMENT_UNSAFE_PARSE_WITHOUT_SANDBOX."
)


def confine(limits: Limits, *, unsafe_without_seccomp: bool = False) -> None:
    """See `walls.put_up`; and a limit of processor time. Raises SandboxUnavailableError where seccomp cannot be
    installed, unless told to go on without it: then the other walls stand alone.
    """
    # The soft limit's own signal says that time ran out; the hard one kills who ignores it.
    lower(resource.RLIMIT_CPU, limits.max_seconds, limits.max_seconds + 5)
    if not put_up(memory=limits.max_memory) and not unsafe_without_seccomp:
        raise SandboxUnavailableError(_UNAVAILABLE)
