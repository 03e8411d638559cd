from pathlib import Path

import pytest

from muniment.crypto.errors import RootKeyError
from muniment.crypto.root import FILE, cleartext_root, write_root
from muniment.crypto.services import initialise_keys

SECRET = bytes(range(32))


def test_it_is_written_for_its_owner_only_and_read_back(tmp_path: Path) -> None:
    write_root(tmp_path, SECRET)
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600
    assert cleartext_root(tmp_path) == SECRET


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_readable_by_others_is_refused(tmp_path: Path, mode: int) -> None:
    write_root(tmp_path, SECRET)
    (tmp_path / FILE).chmod(mode)
    with pytest.raises(RootKeyError, match="chmod 600"):
        cleartext_root(tmp_path)


def test_missing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RootKeyError, match="missing"):
        cleartext_root(tmp_path)


def test_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    write_root(tmp_path / "elsewhere", SECRET)
    (tmp_path / FILE).symlink_to(tmp_path / "elsewhere" / FILE)
    with pytest.raises(RootKeyError, match="not a plain file"):
        cleartext_root(tmp_path)


@pytest.mark.parametrize("damage", ["", "muniment root key 1\n", "muniment root key 1\nzz\n", "00" * 32])
def test_damaged_is_refused(tmp_path: Path, damage: str) -> None:
    write_root(tmp_path, SECRET)
    (tmp_path / FILE).write_text(damage)
    with pytest.raises(RootKeyError, match="damaged"):
        cleartext_root(tmp_path)


def test_it_is_never_overwritten(tmp_path: Path) -> None:
    write_root(tmp_path, SECRET)
    with pytest.raises(RootKeyError, match="already"):
        write_root(tmp_path, bytes(32))
    assert cleartext_root(tmp_path) == SECRET


@pytest.mark.parametrize(("home", "keys"), [("home", "home/keys"), ("home", "home"), ("keys/home", "keys")])
def test_keys_and_home_lie_apart(tmp_path: Path, home: str, keys: str) -> None:
    with pytest.raises(RootKeyError, match="inside"):
        initialise_keys(home=tmp_path / home, keys=tmp_path / keys)


def test_data_without_its_keys_is_not_given_new_ones(tmp_path: Path) -> None:
    initialise_keys(home=tmp_path / "fresh", keys=tmp_path / "fresh-keys")
    assert cleartext_root(tmp_path / "fresh-keys")
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "control.db").touch()
    with pytest.raises(RootKeyError, match="no root key"):
        initialise_keys(home=tmp_path / "home", keys=tmp_path / "keys")
