"""Passwords that are known from breaches, out of a file of the operator's: nothing is asked of anybody elsewhere.

The file has one SHA-1 in hexadecimal a line, or the beginning of one of at least 10 digits, sorted; what stands behind
a colon is not read. So the download of "Pwned Passwords", ordered by hash, is one.
"""

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from muniment.core.errors import SettingsError

if TYPE_CHECKING:
    from muniment.accounts.models import User

SHORTEST = 10  # hexadecimal digits: of a billion passwords one in a thousand fresh ones would be refused by mistake
_LINE = 128  # bytes: longer lines are no list


class BreachedPasswordValidator:
    """For AUTH_PASSWORD_VALIDATORS. Without a file it refuses nothing."""

    def validate(self, password: str, user: "User | None" = None) -> None:  # noqa: ARG002 - Django's interface
        if settings.MUNIMENT_BREACHED_PASSWORDS and is_listed(password, Path(settings.MUNIMENT_BREACHED_PASSWORDS)):
            raise ValidationError(_("This password is known from a breach of another service. Choose a fresh one."))

    def get_help_text(self) -> str:
        return _("Your password is not known from a breach.")


def is_listed(password: str, file: Path) -> bool:
    """By bisection: some 40 readings of one line in a file of 40 GB. Raises SettingsError when it cannot be read."""
    wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        raise SettingsError("The file that MUNIMENT_BREACHED_PASSWORDS names cannot be read.") from None
    try:
        return _bisect(descriptor, wanted, os.fstat(descriptor).st_size)
    finally:
        os.close(descriptor)


def _bisect(descriptor: int, wanted: bytes, end: int) -> bool:
    low, high = 0, end  # the line, if there is one, begins in [low, high)
    while low < high:
        middle = (low + high) // 2
        start = _line_start(descriptor, middle)
        if start >= high:
            high = middle
            continue
        line = os.pread(descriptor, _LINE, start).split(b"\n")[0]
        found = line.partition(b":")[0].strip().upper()
        if len(found) >= SHORTEST and wanted.startswith(found):
            return True
        if found < wanted:
            low = start + len(line) + 1
        else:
            high = middle
    return False


def _line_start(descriptor: int, offset: int) -> int:
    """Where the first line begins that does so at `offset` or behind it."""
    if offset == 0:
        return 0
    before = os.pread(descriptor, _LINE, offset - 1)
    newline = before.find(b"\n")
    return offset + newline if newline >= 0 else offset + len(before)
