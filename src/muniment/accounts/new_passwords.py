"""A new password: refused when it is guessed first, else hashed."""

from typing import TYPE_CHECKING

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from muniment.accounts.errors import PasswordRefusedError

if TYPE_CHECKING:
    from muniment.accounts.models import User


def hashed(password: str, user: "User") -> str:
    """Raises PasswordRefusedError."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise PasswordRefusedError(error.messages) from None
    return make_password(password)
