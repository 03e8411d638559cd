"""The keyring of this installation, opened once in each process."""

import fcntl
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from muniment.core.errors import CorruptedError
from muniment.core.ids import id_from_bytes
from muniment.crypto.envelope import KEY, derive
from muniment.crypto.errors import RootKeyError
from muniment.crypto.keyring import Keyring
from muniment.crypto.mirrors import RINGS
from muniment.crypto.ring import damaged
from muniment.crypto.root import FILE as ROOT_FILE
from muniment.crypto.root import LocalRootKey, check_apart, cleartext_root, write_root
from muniment.crypto.types import INSTANCE, KeyKind, KeyRef

RESTORING = "restoring"  # lies in the keys folder while a restore is under way
START_LOCK = ".lock"  # there too


def keyring() -> Keyring:
    """Opens MUNIMENT_KEYS on first use; raises RootKeyError (a sentence with the mend) when that is not safe."""
    return _open(settings.MUNIMENT_KEYS, settings.MUNIMENT_HOME)


def initialise_keys(*, home: Path, keys: Path) -> None:
    """Makes the folders and a new root key where there is none. Call under `start_lock`.

    A home with data but without keys is refused: a fresh root key could never open it and would hide the loss.
    """
    check_apart(home=home, keys=keys)
    if (keys / RESTORING).exists():
        raise RootKeyError(
            f"A restore was interrupted here. Remove {home} and {keys}, then run muniment restore again."
        )
    if not (keys / ROOT_FILE).exists() and any(home.glob("*.db")):
        raise RootKeyError(
            f"There is data in {home} but no root key in {keys}. Put the keys folder back, or restore with "
            "your recovery kit: muniment restore."
        )
    for folder in (home, keys, keys / RINGS):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    keys.chmod(0o700)
    if not (keys / ROOT_FILE).exists():
        write_root(keys, secrets.token_bytes(KEY))


def check_keyring(*, home: Path, keys: Path) -> None:
    """Refuses keys and data that lost each other. Call before anything is made in the keyring, or copied from it.

    Attack stopped: a disk that ate the keyring, or a control plane that is gone, and a start that makes a new one: it
    would be copied over the last good copy of the keyring, in the backup target.
    """
    written = any(file.stat().st_size for file in home.glob("control.db"))
    if written and not keyring().holds(_CONTROL):
        raise damaged(keys / RINGS / f"{INSTANCE}.ring")
    if not written and any(ref != _CONTROL for ref, _ in keyring().refs(INSTANCE)):
        raise CorruptedError(
            f"The control plane is missing from {home}, its keys are there. Put it back, or restore: muniment restore."
        )


@contextmanager
def start_lock(keys: Path) -> Iterator[None]:
    """One process at a time makes or upgrades an installation; the others wait."""
    keys.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (keys / START_LOCK).open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def forget_keyring() -> None:
    """The next `keyring()` reads the folder anew: after a restore, and between tests."""
    _open.cache_clear()


@lru_cache(maxsize=4)
def _open(keys: Path, home: Path) -> Keyring:
    check_apart(home=home, keys=keys)
    return Keyring(keys, LocalRootKey(cleartext_root(keys)))


_CONTROL = KeyRef(INSTANCE, KeyKind.CONTROL, id_from_bytes(bytes(16)))


def control_key() -> bytes:
    """The key of the control-plane file."""
    return derive(keyring().ensure(_CONTROL), "sqlcipher")


def held_control_key(keyring: Keyring) -> bytes:
    """The same out of a keyring elsewhere. Raises KeyDestroyedError where it holds none."""
    return derive(keyring.open(_CONTROL), "sqlcipher")


def session_secret() -> str:
    """Django's SECRET_KEY: signs sessions and tokens of this installation."""
    return derive(keyring().ensure(_CONTROL), "django secret").hex()
