"""A consistent copy of the control plane under its own key, while writes go on."""

import os
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher
from django.conf import settings

from muniment.core.durable import open_plain
from muniment.core.errors import CorruptedError, PermanentError
from muniment.core.sqlcipher import unlock

_DAMAGED = "The control plane is damaged; nothing was copied. Restore from the last backup: muniment restore."

_UNREADABLE = "The control plane in this snapshot is damaged. Choose another one with --snapshot."


def copy_database(place: Path) -> None:
    """SQLite's online backup (https://www.sqlite.org/backup.html): readers and writers go on; the copy is encrypted."""
    configured: dict[str, Any] = settings.DATABASES["default"]
    key = configured["OPTIONS"]["key"]()
    source = sqlcipher.connect(str(configured["NAME"]), timeout=30)
    copy = sqlcipher.connect(str(place))
    try:
        unlock(source, key)
        unlock(copy, key)
        source.backup(copy)
        if copy.execute("PRAGMA quick_check").fetchall() != [("ok",)]:  # a damaged page is copied as an empty one
            raise CorruptedError(_DAMAGED)
    except sqlcipher.OperationalError as error:  # a full target, for one
        raise PermanentError(f"The copy {place} cannot be written ({error}). Free some space there.") from None
    except sqlcipher.DatabaseError:
        raise CorruptedError(_DAMAGED) from None
    finally:
        copy.close()
        source.close()


def check_copy(place: Path, key: bytes) -> None:
    """Reads a copy, every page of it, where it lies. Raises CorruptedError, or OSError; the file is left as it is."""
    os.close(open_plain(place, os.O_RDONLY))
    copy = sqlcipher.connect(f"{place.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        unlock(copy, key)
        copy.execute("SELECT 1 FROM django_migrations").fetchone()  # an empty file would pass for a database
        faults = copy.execute("PRAGMA cipher_integrity_check").fetchall()
        whole = not faults and copy.execute("PRAGMA quick_check").fetchall() == [("ok",)]
    except (CorruptedError, sqlcipher.DatabaseError):
        whole = False
    finally:
        copy.close()
    if not whole:
        raise CorruptedError(_UNREADABLE)
