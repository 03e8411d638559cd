"""The system calls a confined process may make: a list of what it needs, everything else refused by the kernel.

Attacks stopped: reaching the network, starting programs, opening any file, reading another process's memory, adding
executable memory, attacking the kernel through its rarer calls. Residue accepted: bugs of the kernel in read, write,
mmap, futex and their few companions; writing to the two pipes the child was given.

Readers of files have one thread. A process that computes (`threads`) may start more of its own, read at an offset from
what it was given open, and wait on its pipes; a process, a program or a namespace it starts no more than a reader does.

The filter is classic BPF over struct seccomp_data (seccomp(2)): number at 0, architecture at 4, arguments from 16.
"""

import ctypes
import errno
import platform
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from muniment.core.confinement.kernel import PR_SET_SECCOMP, SECCOMP_MODE_FILTER, prctl

_ALLOW = 0x7FFF_0000
_KILL = 0x8000_0000
_REFUSE = 0x0005_0000 | errno.EPERM
_UNKNOWN = 0x0005_0000 | errno.ENOSYS
_X32 = 0x4000_0000
"""On x86_64 these numbers reach the same calls by a second door (the x32 ABI)."""
_NUMBER_AT, _ARCHITECTURE_AT, _FIRST_ARGUMENT_AT, _THIRD_ARGUMENT_AT = 0, 4, 16, 32
_PROT_EXEC = 4
_CLONE_THREAD = 0x1_0000

_LOAD, _JUMP_EQUAL, _JUMP_GREATER_EQUAL, _JUMP_SET, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06

_NEEDED: Mapping[str, tuple[int, int | None]] = {
    "read": (0, 63), "write": (1, 64), "readv": (19, 65), "writev": (20, 66), "close": (3, 57), "lseek": (8, 62),
    "fstat": (5, 80), "munmap": (11, 215), "mremap": (25, 216), "brk": (12, 214), "madvise": (28, 233),
    "rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135), "rt_sigreturn": (15, 139), "sigaltstack": (131, 132),
    "futex": (202, 98), "sched_yield": (24, 124), "nanosleep": (35, 101), "clock_nanosleep": (230, 115),
    "clock_gettime": (228, 113), "clock_getres": (229, 114), "gettimeofday": (96, 169), "getrusage": (98, 165),
    "times": (100, 153), "getpid": (39, 172), "gettid": (186, 178), "getrandom": (318, 278),
    "set_robust_list": (273, 99), "rseq": (334, 293), "restart_syscall": (219, 128),
    "exit": (60, 93), "exit_group": (231, 94),
}  # fmt: skip
"""name: (number on x86_64, number on aarch64), after the kernel's own tables."""

_WITHOUT_EXECUTION: Mapping[str, tuple[int, int | None]] = {"mmap": (9, 222), "mprotect": (10, 226)}
"""Allowed unless the memory is to be executable."""

_FOR_THREADS: Mapping[str, tuple[int, int | None]] = {
    "pread64": (17, 67), "poll": (7, None), "ppoll": (271, 73), "sched_getaffinity": (204, 123),
}  # fmt: skip
_CLONE, _CLONE3 = (56, 220), (435, 435)

_HOSTILE: Mapping[str, tuple[int, int | None]] = {
    "socket": (41, 198), "socketpair": (53, 199), "connect": (42, 203), "bind": (49, 200), "listen": (50, 201),
    "accept": (43, 202), "accept4": (288, 242), "sendto": (44, 206), "sendmsg": (46, 211), "sendmmsg": (307, 269),
    "recvmsg": (47, 212), "execve": (59, 221), "execveat": (322, 281), "fork": (57, None), "vfork": (58, None),
    "clone": (56, 220), "clone3": (435, 435), "ptrace": (101, 117), "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271), "pidfd_open": (434, 434), "pidfd_getfd": (438, 438), "bpf": (321, 280),
    "perf_event_open": (298, 241), "io_uring_setup": (425, 425), "userfaultfd": (323, 282), "unshare": (272, 97),
    "setns": (308, 268), "mount": (165, 40), "pivot_root": (155, 41), "chroot": (161, 51), "keyctl": (250, 219),
    "add_key": (248, 217), "request_key": (249, 218), "init_module": (175, 105), "finit_module": (313, 273),
    "kexec_load": (246, 104), "personality": (135, 92), "open_by_handle_at": (304, 265),
}  # fmt: skip
"""No parser asks for these by mistake: the child is killed on the spot, and the file is reported for it."""


@dataclass(frozen=True, slots=True)
class _Machine:
    column: int
    audit: int
    """AUDIT_ARCH_*, linux/audit.h"""


_MACHINES = {"x86_64": _Machine(0, 0xC000_003E), "aarch64": _Machine(1, 0xC000_00B7)}


class _Instruction(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_ushort),
        ("jump_true", ctypes.c_ubyte),
        ("jump_false", ctypes.c_ubyte),
        ("operand", ctypes.c_uint),
    )


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.POINTER(_Instruction)))


def install_filter(*, threads: bool = False) -> None:
    """From here on, for this process, until it ends. Raises OSError where the kernel or the machine has no such filter.

    Needs PR_SET_NO_NEW_PRIVS. Calls not named above fail with EPERM, so that a library's harmless question (does this
    file exist? is this a terminal?) is answered with no.
    """
    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(program(threads=threads)))


@cache
def program(*, threads: bool) -> "_Program":
    """The filter of this machine, made once: before the first fork, so that no child spends time on it."""
    machine = _MACHINES.get(platform.machine())
    if machine is None or sys.byteorder != "little" or sys.platform != "linux":
        raise OSError(errno.ENOSYS, "no filter for this machine")
    code = _filter(machine, threads=threads)
    return _Program(len(code), (_Instruction * len(code))(*code))


def _filter(machine: _Machine, *, threads: bool) -> list[_Instruction]:
    code = [
        _Instruction(_LOAD, 0, 0, _ARCHITECTURE_AT),
        # Attack stopped: 32-bit calls on a 64-bit kernel, where the same numbers mean other calls.
        _Instruction(_JUMP_EQUAL, 1, 0, machine.audit),
        _Instruction(_RETURN, 0, 0, _KILL),
        _Instruction(_LOAD, 0, 0, _NUMBER_AT),
        _Instruction(_JUMP_GREATER_EQUAL, 0, 1, _X32),
        _Instruction(_RETURN, 0, 0, _KILL),
    ]
    for number in _numbers({**_NEEDED, **(_FOR_THREADS if threads else {})}, machine):
        code += _on(number, [_Instruction(_RETURN, 0, 0, _ALLOW)])
    for number in _numbers(_WITHOUT_EXECUTION, machine):
        code += _on(number, [
            _Instruction(_LOAD, 0, 0, _THIRD_ARGUMENT_AT),
            _Instruction(_JUMP_SET, 0, 1, _PROT_EXEC),
            _Instruction(_RETURN, 0, 0, _REFUSE),
            _Instruction(_RETURN, 0, 0, _ALLOW),
        ])  # fmt: skip
    if threads:
        code += _threads_only(machine)
    for number in _numbers(_HOSTILE, machine):
        code += _on(number, [_Instruction(_RETURN, 0, 0, _KILL)])
    return [*code, _Instruction(_RETURN, 0, 0, _REFUSE)]


def _threads_only(machine: _Machine) -> list[_Instruction]:
    """A thread of this process may be started, nothing else by clone(2).

    The flags of clone3 lie in memory, which a filter cannot read: it is unknown here, so the C library takes clone.
    """
    code = _on(_CLONE[machine.column], [
        _Instruction(_LOAD, 0, 0, _FIRST_ARGUMENT_AT),
        _Instruction(_JUMP_SET, 1, 0, _CLONE_THREAD),
        _Instruction(_RETURN, 0, 0, _KILL),
        _Instruction(_RETURN, 0, 0, _ALLOW),
    ])  # fmt: skip
    return code + _on(_CLONE3[machine.column], [_Instruction(_RETURN, 0, 0, _UNKNOWN)])


def _numbers(calls: Mapping[str, tuple[int, int | None]], machine: _Machine) -> list[int]:
    return [number for numbers in calls.values() if (number := numbers[machine.column]) is not None]


def _on(number: int, steps: list[_Instruction]) -> list[_Instruction]:
    """These steps for this call; for any other, go on behind them. The steps must end in a return."""
    return [_Instruction(_JUMP_EQUAL, 0, len(steps), number), *steps]
