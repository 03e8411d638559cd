"""Whether a process is known to be dead: then its jobs are taken over at once instead of after their lease."""

import os
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Process:
    """`machine` names one boot and one process-id namespace, "" where that cannot be told; `started` in clock ticks."""

    machine: str
    pid: int
    started: int

    @classmethod
    def of_this(cls) -> "Process":
        return cls(_machine(), os.getpid(), _started(os.getpid()) or 0)

    def is_known_dead(self) -> bool:
        """False also where nothing can be known: another machine or container, or a system without /proc."""
        return self.machine != "" and self.machine == _machine() and _started(self.pid) != self.started


def _machine() -> str:
    """Containers of one machine share its boot id but not its process ids, so both are needed."""
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text("ascii").strip()
        return f"{boot} {(_PROC / 'self/ns/pid').readlink()}"
    except OSError:
        return ""


def _started(pid: int) -> int | None:
    """Field 22 of /proc/<pid>/stat (man 5 proc); None when there is no such process or only its zombie."""
    try:
        fields = (_PROC / str(pid) / "stat").read_text("ascii", errors="replace").rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] in {"Z", "X"} else int(fields[19])
