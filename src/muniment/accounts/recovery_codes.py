"""Codes that open an account once each, when the phone is lost. Shown once, kept as digests under the account key."""

import secrets
from typing import TYPE_CHECKING

from muniment.accounts.models import RecoveryCode
from muniment.core.clock import now
from muniment.crypto.personal import personal_digest

if TYPE_CHECKING:
    from muniment.accounts.models import User

CODES = 10
LENGTH = 10  # characters of five bits: 50 bits, behind the limit of attempts
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # without what is mistaken for something else when written down
_PURPOSE = "recovery code"


def replace_codes(user: "User") -> list[str]:
    """New codes, as they are shown; those from before are void. Within the caller's transaction."""
    codes = ["".join(secrets.choice(_ALPHABET) for _ in range(LENGTH)) for _ in range(CODES)]
    RecoveryCode.objects.filter(user=user).delete()
    RecoveryCode.objects.bulk_create(RecoveryCode(user=user, digest=_digest(user, code)) for code in codes)
    return [f"{code[: LENGTH // 2]}-{code[LENGTH // 2 :]}" for code in codes]


def use_recovery_code(user: "User", typed: str) -> bool:
    """Whether it was one of the person's, not used before; from now on it is.

    Attack stopped: one code sent by two browsers at once. The row says whether it is used, and of two updates one
    finds it unused.
    """
    code = "".join(letter for letter in typed.lower() if letter.isalnum())
    unused = RecoveryCode.objects.filter(user=user, digest=_digest(user, code), used_at=None)
    return unused.update(used_at=now()) == 1


def _digest(user: "User", code: str) -> bytes:
    return personal_digest(code.encode(), person=user.ref, purpose=_PURPOSE)
