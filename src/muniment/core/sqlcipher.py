"""Opening a SQLCipher file: the only place that may, for the control plane and for silos alike.

Measured facts and traps: raw 32-byte keys cost no key derivation; `PRAGMA key` must be the first statement and is SQL
text, so statements of the opening are never logged; SQLCipher refuses an empty key.
"""

from pathlib import Path

import sqlcipher3.dbapi2 as sqlcipher

from muniment.core.errors import CorruptedError, SettingsError

_PLAINTEXT = b"SQLite format 3\0"


def unlock(connection: sqlcipher.Connection, key: bytes, *, page_size: int | None = None) -> None:
    """Keys a fresh connection and proves that the key opens the file. `key` is 32 bytes."""
    if len(key) != 32:
        raise ValueError("a database key is 32 bytes")
    connection.execute("PRAGMA cipher_log_level = NONE")
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    if page_size:
        connection.execute(f"PRAGMA cipher_page_size = {int(page_size)}")
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlcipher.DatabaseError as error:
        if "not a database" not in str(error):
            raise
        raise CorruptedError("A database file does not open under its key. Restore it from a backup.") from None


def self_test(folder: Path) -> None:
    """Refuses to run on a library that could write plaintext: seen with look-alike builds that ignore the key.

    Writes a small file under a random key and looks at its bytes. `folder` is where real files will lie.
    """
    path = folder / ".cipher-self-test"
    path.unlink(missing_ok=True)
    try:
        connection = sqlcipher.connect(str(path))
        unlock(connection, bytes(range(32)))
        version = connection.execute("PRAGMA cipher_version").fetchone()
        connection.execute("CREATE TABLE canary (text)")
        connection.execute("INSERT INTO canary VALUES ('muniment-canary')")
        connection.commit()
        connection.close()
        written = path.read_bytes()
    except sqlcipher.OperationalError as error:  # a full disk, for one
        raise SettingsError(f"Nothing can be written to {folder} ({error}). Free some space, or mend it.") from None
    finally:
        path.unlink(missing_ok=True)
    if not version or not version[0] or written.startswith(_PLAINTEXT) or b"muniment-canary" in written:
        raise SettingsError("The database library does not encrypt. Reinstall with: make install")
