"""A row whose cells say themselves what they are is no header, in a sheet and in a text alike."""

import pytest

from muniment.ingest.parsing.reader import read
from muniment.ingest.tables import is_header, names_columns
from muniment.ingest.types import Limits


def _text(name: str, data: bytes) -> str:
    return read(data, name_hint=name, limits=Limits(), on_progress=lambda _done, _total: None).text


def test_in_a_sheet() -> None:
    assert (
        _text("a.csv", b"Ward: Surgery,Beds: 3\nWard: Eye,Beds: 5\n") == "Ward: Surgery | Beds: 3\nWard: Eye | Beds: 5"
    )


def test_in_a_text() -> None:
    assert not names_columns("Ward: Surgery | Beds: 3 | Floor: 1", ["Ward: Eye | Beds: 5 | Floor: 2"])


@pytest.mark.parametrize(
    ("first", "others", "in_sheet", "in_text"),
    [
        (["Ward", "Beds"], [["Eye", "5"]], True, True),
        (["Ward", "Head"], [["Eye", "Alice"]], True, False),
        (["Ward", "2025", "2026"], [["Eye", "5", "6"]], False, False),
        (["Ward", "Q1 2025", "Q2 2025"], [["Eye", "5", "6"]], True, False),
        (["Ward", "Ward", "Beds"], [["Eye", "Ear", "6"]], False, False),
        (["Ward", "", "", ""], [["Eye", "5", "6", "7"]], False, False),
        (["Ward", "Beds"], [], False, False),
        (["yes", "no", "yes"], [["a", "b", "c"]], False, False),
    ],
)
def test_one_look_decides(first: list[str], others: list[list[str]], in_sheet: bool, in_text: bool) -> None:
    assert is_header(first, others, is_sheet=True) is in_sheet
    assert is_header(first, others, is_sheet=False) is in_text
