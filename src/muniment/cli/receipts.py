"""The file that a command writes a receipt to."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from muniment.core.errors import MunimentError, PermanentError


@contextmanager
def receipt_file(path: Path | None) -> Iterator[TextIO | None]:
    """An erasure whose receipt cannot be written is refused before it begins, and no file is overwritten."""
    if path is None:
        yield None
        return
    try:
        file = path.open("x", encoding="utf-8")
    except FileExistsError:
        raise PermanentError(f"There is a file at {path} already. Name another one for the receipt.") from None
    except OSError as error:
        raise PermanentError(
            f"The receipt cannot be written to {path} ({error.strerror}). Name another file."
        ) from None
    with file:
        try:
            yield file
        except MunimentError:  # refused: nothing was erased, and an empty receipt would mislead
            path.unlink()
            raise
