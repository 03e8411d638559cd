"""The root key in a local file: 0600, beside the data but never inside it, in no backup.

Said as plainly: while key and data are on the same disk, who can read the whole disk as root can read the data.
"""

import contextlib
import os
import stat
from pathlib import Path

from muniment.core.durable import fsync_folder
from muniment.crypto.envelope import KEY, derive, seal, unseal
from muniment.crypto.errors import RootKeyError

FILE = "root.key"
_HEADER = "muniment root key 1\n"


class LocalRootKey:
    def __init__(self, secret: bytes) -> None:
        self._wrap = derive(secret, "root wrap")

    def wrap(self, key: bytes, *, context: bytes) -> bytes:
        return seal(self._wrap, key, context)

    def unwrap(self, wrapped: bytes, *, context: bytes) -> bytes:
        return unseal(self._wrap, wrapped, context)


def write_root(folder: Path, secret: bytes) -> None:
    """Writes the file durably, never over an existing one: an overwritten root key is a destroyed installation."""
    path = folder / FILE
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    except FileExistsError:
        raise RootKeyError(f"There is a root key at {path} already. Move it away to replace it.") from None
    with os.fdopen(descriptor, "w") as file:
        file.write(_HEADER + secret.hex() + "\n")
        file.flush()
        os.fsync(file.fileno())
    fsync_folder(folder)


def cleartext_root(folder: Path) -> bytes:
    """The 32 bytes, after checking that nobody else on this machine could have read them."""
    path = folder / FILE
    try:
        status = path.lstat()
    except FileNotFoundError:
        raise RootKeyError(
            f"The root key {path} is missing. Put it back, or restore with your recovery kit: muniment restore."
        ) from None
    if not stat.S_ISREG(status.st_mode):
        raise RootKeyError(f"The root key {path} is not a plain file. Replace it by the file itself.")
    if status.st_mode & 0o077 or status.st_uid != os.geteuid():
        raise RootKeyError(f"The root key {path} can be read by others. Run: chmod 600 {path}, as its owner.")
    lines = path.read_text("ascii", errors="replace").split("\n")
    with contextlib.suppress(ValueError):
        if lines[0] + "\n" == _HEADER and len(bytes.fromhex(lines[1])) == KEY:
            return bytes.fromhex(lines[1])
    raise RootKeyError(f"The root key {path} is damaged. Restore it with your recovery kit: muniment restore.")


def check_apart(*, home: Path, keys: Path) -> None:
    """Keys inside the data would be copied with every copy of the data, and erasure would mean nothing."""
    home, keys = home.resolve(), keys.resolve()
    if keys == home or home in keys.parents:
        raise RootKeyError(f"MUNIMENT_KEYS ({keys}) lies inside MUNIMENT_HOME ({home}). Choose a folder outside it.")
    if keys in home.parents:
        raise RootKeyError(f"MUNIMENT_HOME ({home}) lies inside MUNIMENT_KEYS ({keys}). Choose a folder outside it.")
