"""The files as they were uploaded, each sealed under a key of its own, outside the silo's file."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from muniment.core.durable import fsync_folder
from muniment.core.ids import id_bytes
from muniment.crypto.envelope import aad
from muniment.crypto.stream import seal_stream, unseal_stream
from muniment.crypto.types import KeyKind
from muniment.silo.errors import SiloDestroyedError, SiloFullError
from muniment.silo.sealed import Silo

_NO_SPACE = 28


class Originals:
    def __init__(self, folder: Path, silo: Silo) -> None:
        self.folder = folder
        self._silo = silo

    def write(self, document: str, source: Iterable[bytes]) -> int:
        """Streams the upload sealed to disk; nothing of it is ever in clear outside memory. Returns its bytes.

        When `source` raises, or the disk is full, nothing is left behind.
        """
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path, partial = self._path(document), self._partial(document)
        size = 0

        def counted() -> Iterator[bytes]:
            nonlocal size
            for piece in source:
                size += len(piece)
                yield piece

        try:
            with partial.open("wb") as file:
                for piece in seal_stream(self._key(document), counted(), self._place(document)):
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
            partial.rename(path)
            fsync_folder(self.folder)
        except OSError as error:
            if error.errno == _NO_SPACE:
                raise SiloFullError("The disk is full. Nothing was kept of this file; free some space.") from None
            raise
        finally:
            partial.unlink(missing_ok=True)
        return size

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

    def _path(self, document: str) -> Path:
        id_bytes(document)  # a document's id is a file name: nothing but an id may become one
        return self.folder / document

    def _partial(self, document: str) -> Path:
        return self._path(document).with_suffix(".part")

    def _key(self, document: str) -> bytes:
        return self._silo.keyring.open(self._silo.key(KeyKind.ORIGINAL, document))

    def _place(self, document: str) -> bytes:
        return aad(silo=self._silo.id, table="original", row=document, purpose="file")
