import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.crypto.errors import SealError
from muniment.crypto.stream import CHUNK, seal_stream, unseal_stream

KEY = bytes(range(32))


def _sealed(plaintext: bytes, piece: int = 70_001) -> bytes:
    pieces = (plaintext[i : i + piece] for i in range(0, len(plaintext), piece))
    return b"".join(seal_stream(KEY, pieces, b"place"))


def _opened(sealed: bytes, place: bytes = b"place", piece: int = 9_999) -> bytes:
    return b"".join(unseal_stream(KEY, (sealed[i : i + piece] for i in range(0, len(sealed), piece)), place))


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_what_is_sealed_opens(size: int) -> None:
    assert _opened(_sealed(b"x" * size)) == b"x" * size


@given(st.lists(st.binary(max_size=300), max_size=6), st.integers(1, 200))
def test_any_cut_into_pieces_is_the_same_file(pieces: list[bytes], piece: int) -> None:
    assert _opened(b"".join(seal_stream(KEY, pieces, b"place")), piece=piece) == b"".join(pieces)


@pytest.mark.parametrize("cut", [17, 18, CHUNK, CHUNK + 33, 2 * CHUNK, -1])
def test_a_truncated_file_does_not_open(cut: int) -> None:
    sealed = _sealed(b"x" * 3 * CHUNK)
    assert _opened(sealed)
    with pytest.raises(SealError):
        _opened(sealed[:cut])


def test_reordered_chunks_do_not_open() -> None:
    sealed, size = _sealed(b"a" * CHUNK + b"b" * CHUNK + b"c"), CHUNK + 16
    head, first, second, rest = (
        sealed[:17],
        sealed[17 : 17 + size],
        sealed[17 + size : 17 + 2 * size],
        sealed[17 + 2 * size :],
    )
    assert _opened(head + first + second + rest)
    with pytest.raises(SealError):
        _opened(head + second + first + rest)


def test_a_file_moved_elsewhere_does_not_open() -> None:
    with pytest.raises(SealError):
        _opened(_sealed(b"charter"), place=b"other")
