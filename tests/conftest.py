"""Every test session has an installation of its own: an empty home, fresh keys, an encrypted control plane."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from pytest_socket import disable_socket, enable_socket, socket_allow_hosts

from muniment.crypto.keyring import Keyring
from muniment.crypto.services import forget_keyring, initialise_keys
from muniment.crypto.services import keyring as open_keyring
from muniment.silo.services import close_all
from tests.cast import alice, bob, carol, cheap_hashing, mallory  # noqa: F401 - fixtures for every test
from tests.insert_only import flush_makes_no_rows_anew, flush_passes_the_guards  # noqa: F401 - for every test
from tests.installed import started_before  # noqa: F401 - once for all tests that start the product
from tests.small_disk import small_disk  # noqa: F401 - a fixture for whoever needs a full disk


@pytest.fixture(scope="session", autouse=True)
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder that holds `home` and `keys` of this test session."""
    folder = tmp_path_factory.mktemp("installation")
    settings.MUNIMENT_HOME, settings.MUNIMENT_KEYS = folder / "home", folder / "keys"
    settings.MUNIMENT_DETECTOR_PROCESS = False
    initialise_keys(home=settings.MUNIMENT_HOME, keys=settings.MUNIMENT_KEYS)
    forget_keyring()
    yield folder
    forget_keyring()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(installation: Path) -> None:
    settings.DATABASES["default"]["TEST"]["NAME"] = str(installation / "home" / "control.db")


@pytest.fixture(autouse=True)
def no_silo_outlives_its_test(installation: Path) -> Iterator[None]:
    """Backups, starts and sweeps of later tests go over all that lie in the home."""
    yield
    home = installation / "home"
    left = [path.stem for path in (home / "silos").glob("*.db")]
    if left:
        close_all()
        shutil.rmtree(home / "silos")
        shutil.rmtree(home / "originals", ignore_errors=True)
        (home / "silos").mkdir(mode=0o700)
    for silo in left:
        (installation / "keys" / "rings" / f"{silo}.ring").unlink(missing_ok=True)


@pytest.fixture
def keyring() -> Keyring:
    return open_keyring()


@pytest.fixture(autouse=True)
def no_network(request: pytest.FixtureRequest) -> None:
    """Unit tests open no sockets; tests marked `browser` or `long`, and those that ask for `loopback`, may."""
    if not request.node.get_closest_marker("browser") and not request.node.get_closest_marker("long"):
        disable_socket(allow_unix_socket=True)


@pytest.fixture
def loopback(no_network: None) -> None:
    """Sockets to this machine, for tests that start a server of ours as a child."""
    enable_socket()
    socket_allow_hosts(["127.0.0.1"], allow_unix_socket=True)
