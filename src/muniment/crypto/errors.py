"""What can go wrong with keys and sealed bytes."""

from muniment.core.errors import CorruptedError, PermanentError, SettingsError


class SealError(PermanentError):
    """Sealed bytes did not open: wrong key, wrong place, or changed bytes. Which of them is never told."""


class KeyDestroyedError(PermanentError):
    """The key is not in the keyring: what it sealed was erased and cannot be read by anybody."""


class RootKeyError(SettingsError):
    """The root key is missing, wrong, or lies where it must not lie."""


class RecoveryKitError(PermanentError):
    """The typed recovery kit is incomplete or has a typing mistake."""


class KeyringDamagedError(CorruptedError):
    """A file of the keyring is lost or damaged. The data under its keys is whole, and opens again with its copy."""
