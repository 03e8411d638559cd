from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as sqlcipher
from django.db import connection

from muniment.accounts.models import User
from muniment.core.errors import CorruptedError, SettingsError
from muniment.core.sqlcipher import self_test, unlock
from tests.at_rest import files_with


@pytest.mark.django_db(transaction=True)
def test_what_is_stored_cannot_be_read_from_the_file(installation: Path) -> None:
    User.objects.create(email="canary-7391@example.org")
    assert User.objects.get(email="canary-7391@example.org").is_active
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    home = installation / "home"
    assert list(home.glob("control.db*"))
    assert files_with(home, "canary-7391") == files_with(home, "SQLite format 3") == []
    (home / "seen").write_bytes(b"\0canary-7391 SQLite format 3\xff")
    assert files_with(home, "canary-7391") == files_with(home, "SQLite format 3") == [home / "seen"]
    (home / "seen").unlink()


def test_a_wrong_key_opens_nothing(tmp_path: Path) -> None:
    path = str(tmp_path / "file.db")
    right = sqlcipher.connect(path)
    unlock(right, bytes(32))
    right.execute("CREATE TABLE t (x)")
    right.close()
    unlock(sqlcipher.connect(path), bytes(32))
    with pytest.raises(CorruptedError):
        unlock(sqlcipher.connect(path), bytes(range(32)))


def test_the_self_test_passes_here_and_leaves_nothing(tmp_path: Path) -> None:
    self_test(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_self_test_refuses_a_library_that_ignores_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("muniment.core.sqlcipher.unlock", lambda *_args, **_kwargs: None)
    with pytest.raises(SettingsError, match="does not encrypt"):
        self_test(tmp_path)
