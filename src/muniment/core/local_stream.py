"""Streams between processes of one user of this machine. Nothing here reaches a network.

Attack stopped: another user of the machine listens in our place and is given what we look through, or connects to us
and reads along. The folder is closed to others, and each end asks the kernel who the other one is.
Residue accepted: root, and whoever is our user, can do all that this program can.
"""

import os
import socket
import stat
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_NAME = "socket"
_WAITING = 128
_LONGEST = 100  # bytes of a path that fit into sockaddr_un: man 7 unix
_PEER = struct.Struct("3i")  # struct ucred: process, user, group

Stream = socket.socket


def listen_locally(folder: Path) -> socket.socket:
    """A listening stream in `folder`, which only we can enter. One that an earlier process left is replaced: call under
    a lock. Raises PermissionError.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    _check_ours(folder, owner=os.geteuid())
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    with _short(folder) as short:
        (short / _NAME).unlink(missing_ok=True)
        listener.bind(str(short / _NAME))
    listener.listen(_WAITING)
    return listener


def accept_locally(listener: socket.socket) -> Stream | None:
    """The next connection; None for one that is neither ours nor root's."""
    stream, _ = listener.accept()
    if _peer(stream) in {os.geteuid(), 0}:
        return stream
    stream.close()
    return None


def connect_locally(folder: Path, *, timeout: float) -> Stream:
    """A stream to who listens in `folder`, with `timeout` seconds for each read and write.

    Raises FileNotFoundError and ConnectionRefusedError when nobody listens, PermissionError when somebody else does.
    """
    _check_ours(folder, owner=folder.stat().st_uid if os.geteuid() == 0 else os.geteuid())
    stream = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        stream.settimeout(timeout)
        with _short(folder) as short:
            stream.connect(str(short / _NAME))
        _check_peer(stream, owner=folder.stat().st_uid)
    except BaseException:
        stream.close()
        raise
    return stream


def _check_peer(stream: Stream, *, owner: int) -> None:
    if _peer(stream) not in {owner, 0}:
        raise PermissionError("another user listens there")


def _check_ours(folder: Path, *, owner: int) -> None:
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or stat.S_IMODE(found.st_mode) & 0o077:
        raise PermissionError(f"{folder} is not closed to other users, or belongs to one")


@contextmanager
def _short(folder: Path) -> Iterator[Path]:
    """A path of the folder that fits into an address, however deep it lies (Linux; elsewhere the path as it is)."""
    if len(os.fsencode(folder / _NAME)) <= _LONGEST:
        yield folder
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield Path(f"/proc/self/fd/{descriptor}")
    finally:
        os.close(descriptor)


def _peer(stream: Stream) -> int:
    """The user at the other end, as the kernel knows him. Where it does not say, the closed folder has to do."""
    option = getattr(socket, "SO_PEERCRED", None)
    if option is None:
        return os.geteuid()
    return int(_PEER.unpack(stream.getsockopt(socket.SOL_SOCKET, option, _PEER.size))[1])
