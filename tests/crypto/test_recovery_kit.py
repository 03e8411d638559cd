import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.crypto.errors import RecoveryKitError
from muniment.crypto.recovery import ALPHABET, cleartext_recovery_kit, root_from_kit


@given(st.binary(min_size=32, max_size=32))
def test_what_is_printed_is_read_back(root: bytes) -> None:
    kit = cleartext_recovery_kit(root)
    assert [len(group) for group in kit] == [4] * 14
    assert root_from_kit(" ".join(kit)) == root
    assert root_from_kit("-".join(kit).lower().replace("0", "o").replace("1", "l")) == root


@given(st.binary(min_size=32, max_size=32), st.integers(0, 55), st.integers(1, 31))
def test_one_wrong_character_is_noticed(root: bytes, position: int, shift: int) -> None:
    text = "".join(cleartext_recovery_kit(root))
    wrong = ALPHABET[(ALPHABET.index(text[position]) + shift) % 32]
    with pytest.raises(RecoveryKitError):
        root_from_kit(text[:position] + wrong + text[position + 1 :])


@pytest.mark.parametrize("typed", ["", "ABCD", "!" * 56, "0" * 57])
def test_nonsense_is_refused(typed: str) -> None:
    with pytest.raises(RecoveryKitError):
        root_from_kit(typed)
