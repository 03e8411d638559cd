"""Every page of a SQLCipher file, decrypted: used pages, free pages, and what its write-ahead log still holds.

SQLCipher 4 with a raw key (https://www.zetetic.net/sqlcipher/design/): each page is AES-256-CBC under the key, its last
80 bytes are the IV (16) and an HMAC-SHA512 (64); the first 16 bytes of the file are a salt in clear.
"""

from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

RESERVE, SALT, WAL_HEADER, FRAME_HEADER = 80, 16, 32, 24


def decrypted(path: Path, key: bytes, *, page_size: int) -> bytes:
    """All of it in one piece; a page that does not start like one of SQLite's shows that the key was wrong."""
    pages = list(_pages(path.read_bytes(), page_size))
    wal = Path(f"{path}-wal")
    frames = _frames(wal.read_bytes(), page_size) if wal.exists() else iter(())
    clear = [_decrypt(page, key) for page in (*pages, *frames)]
    assert clear[0][:2] == page_size.to_bytes(2, "big")  # the header field behind the salt: the key is right
    return b"".join(clear)


def _pages(data: bytes, size: int) -> Iterator[bytes]:
    yield data[SALT:size]
    yield from (data[start : start + size] for start in range(size, len(data), size))


def _frames(data: bytes, size: int) -> Iterator[bytes]:
    step = FRAME_HEADER + size
    for start in range(WAL_HEADER, len(data) - step + 1, step):
        number = int.from_bytes(data[start : start + 4], "big")
        page = data[start + FRAME_HEADER : start + step]
        yield page[SALT:] if number == 1 else page


def _decrypt(page: bytes, key: bytes) -> bytes:
    body, iv = page[:-RESERVE], page[-RESERVE : -RESERVE + 16]
    decryptor = Cipher(AES(key), CBC(iv)).decryptor()
    return decryptor.update(body) + decryptor.finalize()
