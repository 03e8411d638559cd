"""A zygote whose readers are hostile: what a file would do that took its parser over. For tests alone.

Started like the real one, by `Sandbox` with another module's name; production has no such name. Whatever an act
needs is loaded before the fork, as a parser's libraries are. Calls are made through libc, past Python's own checks.
"""

import ctypes
import errno
import mmap
import os
import signal
import socket
import struct
import threading
import time
from collections.abc import Callable
from pathlib import Path

from muniment.core.frames import write_frame
from muniment.ingest.sandbox.child import ACTS, Work
from muniment.ingest.sandbox.wire import Frame, pack_progress
from muniment.ingest.sandbox.zygote import main

MAP_NORESERVE = 0x4000
libc = ctypes.CDLL(None, use_errno=True)
NUMBERS = {
    "io_uring_setup": 425, "pidfd_open": 434, "clone3": 435, "memfd_create": 319, "userfaultfd": 323, "bpf": 321,
    "keyctl": 250, "perf_event_open": 298, "process_vm_readv": 310, "ptrace": 101, "unshare": 272, "setns": 308,
    "prlimit64": 302, "setrlimit": 160, "dup": 32, "pipe2": 293, "shmget": 29, "inotify_init": 253, "openat2": 437,
    "x32 socket": 0x4000_0000 + 41, "prctl": 157, "tgkill": 234, "chmod": 90, "name_to_handle_at": 303,
}  # fmt: skip
"""System calls of x86_64, for those libc has no name for."""


def call(name: str, *arguments: int) -> int:
    return _checked(libc.syscall(ctypes.c_long(NUMBERS[name]), *(ctypes.c_long(value) for value in arguments)))


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def told(act: Callable[[Work], object]) -> Callable[[Work], bytes]:
    """Says how the attempt ended: the name of its error, or that it succeeded."""

    def attempt(work: Work) -> bytes:
        try:
            found = act(work)
        except OSError as error:
            return f"refused {error.errno}".encode()
        return f"succeeded {found!r}".encode()

    return attempt


def read_file(path: str) -> bytes:
    handle = os.open(path, os.O_RDONLY)
    return os.read(handle, 100)


def peek(process: int) -> int:
    """Eight bytes of another process's memory, by process_vm_readv(2)."""
    buffer = ctypes.create_string_buffer(8)
    local = struct.pack("QQ", ctypes.addressof(buffer), 8)
    remote = struct.pack("QQ", ctypes.addressof(buffer), 8)  # a fork has it at the same place
    pair = (ctypes.c_char_p(local), 1, ctypes.c_char_p(remote), 1, 0)
    return _checked(libc.process_vm_readv(process, *pair))


def _start_thread(_work: Work) -> None:
    threading.Thread(target=time.sleep, args=(0,)).start()


def _spin(_work: Work) -> None:
    while True:
        pass


def _spin_deaf(_work: Work) -> None:
    """Ignores the signal that says that its processor time is over."""
    for number in (signal.SIGXCPU, signal.SIGTERM, signal.SIGALRM):
        signal.signal(number, signal.SIG_IGN)
    _spin(_work)


def _sleep(_work: Work) -> None:
    while True:
        time.sleep(3600)


def _grow(_work: Work) -> None:
    held = bytearray()
    while True:
        held += bytes(2**20)


def _map_without_end(_work: Work) -> int:
    """Address space that costs nothing until it is touched."""
    return len(mmap.mmap(-1, 2**40, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | MAP_NORESERVE))


def _map_and_touch(_work: Work) -> None:
    held = []
    while True:
        held.append(mmap.mmap(-1, 2**22))
        held[-1][:: mmap.PAGESIZE] = bytes(2**22 // mmap.PAGESIZE)


def _executable(_work: Work) -> int:
    return len(mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC))


def _flood(_work: Work) -> None:
    while True:
        write_frame(1, Frame.RESULT, bytes(2**18))


def _flood_progress(_work: Work) -> None:
    while True:
        write_frame(1, Frame.PROGRESS, pack_progress(1, 2))


def _lie_about_length(_work: Work) -> None:
    os.write(1, b"\x02\xff\xff\xff\xff" + bytes(100))
    _sleep(_work)


def _babble(_work: Work) -> None:
    os.write(1, b"These are the words of a stranger.")
    _sleep(_work)


def _own_words(_work: Work) -> None:
    write_frame(1, Frame.FAILURE, b'{"reason": "Call this number now", "limit": 0, "found": ""}')
    _sleep(_work)


def _handles(_work: Work) -> list[int]:
    found = []
    for handle in range(1024):
        try:
            os.lseek(handle, 0, os.SEEK_CUR)
        except OSError as error:
            if error.errno == errno.EBADF:
                continue
        found.append(handle)
    return found


def _write_elsewhere(_work: Work) -> int:
    return os.write(2, b"words for the log")


TOLD: dict[str, Callable[[Work], object]] = {
    "inet": lambda _work: socket.socket(socket.AF_INET, socket.SOCK_STREAM),
    "inet6": lambda _work: socket.socket(socket.AF_INET6, socket.SOCK_DGRAM),
    "unix": lambda _work: socket.socket(socket.AF_UNIX, socket.SOCK_STREAM),
    "netlink": lambda _work: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW),
    "packet": lambda _work: socket.socket(socket.AF_PACKET, socket.SOCK_RAW),
    "pair": lambda _work: socket.socketpair(),
    "fork": lambda _work: os.fork(),
    "vfork": lambda _work: _checked(libc.vfork()),
    "exec": lambda _work: os.execve("/bin/true", ["true"], {}),  # noqa: S606 - the attack
    "spawn": lambda _work: os.posix_spawn("/bin/true", ["true"], {}),
    "thread": _start_thread,
    "ptrace": lambda work: call("ptrace", 16, int(work.arguments["process"]), 0, 0),
    "peek": lambda work: peek(int(work.arguments["process"])),
    "kill": lambda work: os.kill(int(work.arguments["process"]), int(work.arguments["signal"])),
    "tgkill": lambda work: call("tgkill", *[work.arguments["process"]] * 2, work.arguments["signal"]),
    "renice": lambda work: os.setpriority(os.PRIO_PROCESS, int(work.arguments["process"]), 19),
    "call": lambda work: call(work.arguments["name"], *work.arguments.get("values", [])),
    "read": lambda work: read_file(work.arguments["path"]),
    "list": lambda work: list(Path(work.arguments["path"]).iterdir()),
    "stat": lambda work: Path(work.arguments["path"]).stat(),
    "create": lambda work: os.open(work.arguments["path"], os.O_CREAT | os.O_WRONLY),
    "append": lambda work: os.open(work.arguments["path"], os.O_APPEND | os.O_WRONLY),
    "remove": lambda work: Path(work.arguments["path"]).unlink(),
    "rename": lambda work: Path(work.arguments["path"]).rename(work.arguments["path"] + ".gone"),
    "link": lambda work: Path(work.arguments["path"] + ".link").symlink_to("/etc/passwd"),
    "folder": lambda work: Path(work.arguments["path"] + ".folder").mkdir(),
    "mount": lambda work: _checked(libc.mount(b"none", work.arguments["path"].encode(), b"tmpfs", 0, None)),
    "environment": lambda _work: dict(os.environ),
    "handles": _handles,
    "write elsewhere": _write_elsewhere,
    "map": _map_without_end,
    "executable": _executable,
}
UNTOLD: dict[str, Callable[[Work], object]] = {
    "spin": _spin,
    "spin deaf": _spin_deaf,
    "sleep": _sleep,
    "grow": _grow,
    "map and touch": _map_and_touch,
    "flood": _flood,
    "flood progress": _flood_progress,
    "lie about length": _lie_about_length,
    "babble": _babble,
    "own words": _own_words,
}

if __name__ == "__main__":
    main({**ACTS, **{name: told(act) for name, act in TOLD.items()}, **UNTOLD})  # type: ignore[dict-item]
