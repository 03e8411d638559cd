"""Whether this installation can do its work, part by part."""

from collections.abc import Callable, Mapping

from django.db import DatabaseError, connection

from muniment.core.errors import MunimentError
from muniment.crypto.services import control_key
from muniment.jobs.selectors import worker_alive
from muniment.llm.selectors import model_present
from muniment.pii.selectors import detector_answers


def readiness() -> dict[str, bool]:
    """Each part that must work, and whether it does. A part that raises does not."""
    return {name: _works(check) for name, check in PARTS.items()}


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


def _keys() -> bool:
    return len(control_key()) == 32


PARTS: Mapping[str, Callable[[], bool]] = {
    "database": _database,
    "keys": _keys,
    "model": model_present,
    "worker": worker_alive,
    "detector": detector_answers,
}


def _works(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except (MunimentError, DatabaseError, OSError):
        return False
