"""What every command does first: make, check and upgrade the installation, one process at a time."""

from django.conf import settings

from muniment.cli.schema import bring_up
from muniment.core.process import keep_private
from muniment.core.sqlcipher import self_test
from muniment.crypto.services import check_keyring, initialise_keys, keyring, start_lock
from muniment.llm.services import check_models


def prepare() -> None:
    """Raises SettingsError or another PermanentError with the mend; then nothing was changed that matters."""
    keep_private()
    home, keys = settings.MUNIMENT_HOME, settings.MUNIMENT_KEYS
    with start_lock(keys):
        initialise_keys(home=home, keys=keys)
        check_keyring(home=home, keys=keys)
        self_test(home)
        check_models()
        keyring().finish_destructions()
        bring_up()
