"""A consistent copy of the control plane under its own key, while writes go on."""

from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher
from django.conf import settings

from muniment.core.errors import CorruptedError, PermanentError
from muniment.core.sqlcipher import unlock

_DAMAGED = "The control plane is damaged; nothing was copied. Restore from the last backup: muniment restore."


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
