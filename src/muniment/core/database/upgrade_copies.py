"""Copies of the control plane made before an upgrade: the newest alone is kept, and for a week only.

Attack stopped: a member's name, erased today, read out of a copy of last year. Residue accepted: for KEEP a row erased
since still stands in the newest copy, encrypted as the control plane is; docs/threat-model.md says so (N-03).
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings

from muniment.core.clock import now
from muniment.core.database.copying import copy_database
from muniment.core.durable import fsync_folder
from muniment.core.registries import RunningJob

JOB = "core:forget_upgrade_copies"
KEEP = timedelta(days=7)
_NAME = "before-upgrade-%Y%m%dT%H%M%SZ.db"
_NAMES = f"before-upgrade-{'[0-9]' * 8}T{'[0-9]' * 6}Z.db"


def copy_before_upgrade() -> Path:
    """Encrypted under the control key, as the original is."""
    copy = _home() / f"{now():{_NAME}}"
    copy_database(copy)
    forget_old_copies()
    return copy


def forget_old_copies() -> None:
    """Removes all but the newest, and that too once it is old."""
    copies = sorted(_home().glob(_NAMES))
    old = [copy for copy in copies if copy != copies[-1] or _made(copy) <= now() - KEEP]
    for copy in old:
        copy.unlink(missing_ok=True)
    if old:
        fsync_folder(_home())


def forget_upgrade_copies(job: RunningJob) -> None:
    """Job handler: an installation may run for months between two starts."""
    job.complete_with(forget_old_copies)


def _made(copy: Path) -> datetime:
    return datetime.strptime(copy.name, _NAME).replace(tzinfo=UTC)


def _home() -> Path:
    return Path(settings.MUNIMENT_HOME)
