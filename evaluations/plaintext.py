"""The plaintext baseline: the same code with sealing taken out. It exists here only, to measure what sealing costs.

A test refuses any of this in the product (tests/architecture/test_no_plaintext_switch.py).
"""

from collections.abc import Iterable, Iterator
from typing import Any


def unsafe_take_out_sealing() -> None:
    """Envelopes become the identity, files are copied, databases are opened without a key. This process only."""
    from muniment.core import sqlcipher
    from muniment.core.database import base
    from muniment.silo import originals, sealed, sqlcipher_engine

    def identity(_key: bytes, content: Any, *_: object, **__: object) -> bytes:
        return bytes(content)

    def copied(_key: bytes, source: Iterable[bytes], _place: bytes) -> Iterator[bytes]:
        yield from source

    def unlock(connection: Any, _key: bytes, *, page_size: int | None = None) -> None:
        if page_size:
            connection.execute(f"PRAGMA page_size = {page_size}")

    sealed.seal = sealed.unseal = identity
    originals.seal_stream = originals.unseal_stream = copied
    for module in (sqlcipher, base, sqlcipher_engine):
        module.unlock = unlock  # type: ignore[attr-defined]
