"""The files as they were uploaded, each sealed under a key of its own, outside the silo's file."""

import errno
import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from muniment.core.durable import fsync_folder
from muniment.core.ids import id_bytes
from muniment.crypto.envelope import aad
from muniment.crypto.stream import seal_stream, unseal_stream
from muniment.crypto.types import KeyKind
from muniment.silo.errors import SiloDestroyedError, SiloFullError
from muniment.silo.sealed import Silo


class Originals:
    def __init__(self, folder: Path, silo: Silo) -> None:
        self.folder = folder
        self._silo = silo

    @contextmanager
    def written(self, document: str, source: Iterable[bytes]) -> Iterator[int]:
        """Streams the upload sealed to disk, nothing of it ever in clear outside memory; gives its bytes.

        When `source` raises, or the disk is full, nothing is left behind. The file is held until the block ends, in
        which its document is stored: no process takes it for what a dead one left.
        """
        partial = self._partial(document)
        with _told_when_full():
            descriptor = self._begin(partial)
        try:
            with _told_when_full():
                size = self._seal(document, source, descriptor)
                partial.rename(self._path(document))
                fsync_folder(self.folder)
            yield size
        finally:
            partial.unlink(missing_ok=True)
            os.close(descriptor)

    def read(self, document: str) -> Iterator[bytes]:
        """The file in clear, piece by piece. Raises SiloDestroyedError when it was not kept."""
        path = self._path(document)
        if not path.exists():
            raise SiloDestroyedError("The original of this document was deleted; its text is still here.")
        with path.open("rb") as file:
            yield from unseal_stream(self._key(document), iter(lambda: file.read(1 << 20), b""), self._place(document))

    def exists(self, document: str) -> bool:
        return self._path(document).exists()

    def remove(self, document: str) -> None:
        """Unlinks the bytes, also of an upload cut off; the key is destroyed by whoever erases the document."""
        for path in (self._path(document), self._partial(document)):
            path.unlink(missing_ok=True)

    def is_coming_in(self, document: str) -> bool:
        """Whether a living process holds the file: it writes it, or is about to store its document."""
        return any(_is_held(path) for path in (self._partial(document), self._path(document)))  # renamed in this order

    def abandoned(self) -> list[str]:
        """Documents whose upload broke off with its process."""
        return [path.stem for path in self.folder.glob("*.part") if not self.is_coming_in(path.stem)]

    def sweep(self) -> None:
        """Unlinks files whose key is gone: their process died between the two.

        Files are listed before keys, and an upload's key is durable before its file exists: what is coming in is never
        taken for what is gone.
        """
        paths = list(self.folder.iterdir()) if self.folder.exists() else []
        refs = (ref for ref, _ in self._silo.keyring.refs(self._silo.id)) if paths else iter(())
        held = {ref.id for ref in refs if ref.kind is KeyKind.ORIGINAL}
        for path in paths:
            if path.stem not in held:
                path.unlink(missing_ok=True)

    def documents(self) -> list[str]:
        return [path.name for path in self.folder.iterdir() if "." not in path.name] if self.folder.exists() else []

    def _begin(self, partial: Path) -> int:
        """The descriptor of an empty file that is held before it has the name by which `abandoned` finds it."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = partial.with_suffix(".new")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        fresh.rename(partial)
        return descriptor

    def _seal(self, document: str, source: Iterable[bytes], descriptor: int) -> int:
        size = 0

        def counted() -> Iterator[bytes]:
            nonlocal size
            for piece in source:
                size += len(piece)
                yield piece

        with os.fdopen(descriptor, "wb", closefd=False) as file:
            for piece in seal_stream(self._key(document), counted(), self._place(document)):
                file.write(piece)
        os.fsync(descriptor)
        return size

    def _path(self, document: str) -> Path:
        id_bytes(document)  # a document's id is a file name: nothing but an id may become one
        return self.folder / document

    def _partial(self, document: str) -> Path:
        return self._path(document).with_suffix(".part")

    def _key(self, document: str) -> bytes:
        return self._silo.keyring.open(self._silo.key(KeyKind.ORIGINAL, document))

    def _place(self, document: str) -> bytes:
        return aad(silo=self._silo.id, table="original", row=document, purpose="file")


@contextmanager
def _told_when_full() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise SiloFullError("The disk is full. Nothing was kept of this file; free some space.") from None
        raise


def _is_held(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False
