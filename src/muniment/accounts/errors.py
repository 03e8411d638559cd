"""What can go wrong with accounts."""

from muniment.core.errors import PermanentError, TransientError


class BusyError(TransientError):
    """More passwords are being checked than this machine has memory for."""


class EmailTakenError(PermanentError):
    """There is an account with this e-mail address."""


class EmailRefusedError(PermanentError):
    """What was given is not an e-mail address."""


class PasswordRefusedError(PermanentError):
    """The new password is too short, too common, or too much like the person's name or address.

    `reasons` are sentences for the person who chose it.
    """

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


class WrongPasswordError(PermanentError):
    """The current password that was typed is not the account's."""


class TooManyAttemptsError(TransientError):
    """The limit of attempts is reached."""


class WrongCodeError(PermanentError):
    """The code that was typed is none of the person's, or was used before: the two are never told apart."""


class EnrolmentError(PermanentError):
    """There is nothing being set up: it was begun elsewhere, is done, or the session is another one."""


class PasskeyError(PermanentError):
    """What a browser answered is no passkey of the person's, shown here and now. Why, is never told."""


class ClonedPasskeyError(PasskeyError):
    """A passkey whose counter went back: there is a copy of it. `email` is its person's, for the log."""

    def __init__(self, email: str) -> None:
        super().__init__("This security key seems to have been copied. Sign in another way, and remove it.")
        self.email = email


class FactorNeededError(PermanentError):
    """A team of the person demands what was about to be given up."""


class LinkError(PermanentError):
    """The link was used, is older than its time, void by a newer one, or no link at all: never told apart."""
