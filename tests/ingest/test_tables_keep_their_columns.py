import pytest

from muniment.ingest.chunking import chunk
from muniment.ingest.parsing.reader import read
from muniment.ingest.tables import names_columns, spelled_out
from muniment.ingest.types import Limits

ROWS = [f"Flower {number} | {number} | in the greenhouse behind the old mill" for number in range(60)]


@pytest.mark.parametrize(
    ("first", "others", "answer"),
    [
        ("Ward | Hours | Visitors", ["Seven | 14 to 18 | 3"], True),
        ("Service | Fee", ["Vaccination | 25 euros"], True),
        ("Name | Alice", ["City | York"], False),
        ("Seven | 14 to 18 | 3", ["Eight | 15 to 17 | 2"], False),
        ("Ward | Hours | Visitors", [], False),
        ("Ward: Eight | Floor: upper | Note: quiet", ["Ward: Nine | Floor: upper | Note: loud"], False),
        ("Ward | Hours | " + "very " * 20, ["Seven | 14 to 18 | 3"], False),
    ],
)
def test_a_header_is_told_by_its_look(first: str, others: list[str], answer: bool) -> None:
    assert names_columns(first, others) is answer


def test_a_row_is_spelled_out_where_the_header_fits() -> None:
    assert spelled_out("Ward | Hours | Note", "Eight | 15 to 17 | ") == "Ward: Eight. Hours: 15 to 17"
    assert spelled_out("Ward | Hours", "Eight | 15 | 2") == "Eight | 15 | 2"
    assert spelled_out("", "Eight | 15") == "Eight | 15"


def test_a_chunk_that_begins_within_a_table_has_its_header_as_context() -> None:
    text = "\n".join(["Name | Pots | Place", *ROWS, "", "After the table."])
    document = read(text.encode(), name_hint="a.txt", limits=Limits(), on_progress=lambda _page, _pages: None)
    chunks = chunk(document, count_tokens=lambda texts: [len(one.split()) for one in texts])
    first, *others = chunks
    assert "Name | Pots" not in first.context
    assert len(others) > 2
    assert all(one.context.endswith("Name | Pots | Place") for one in others if one.text.startswith("Flower"))
    assert "Name | Pots" not in chunks[-1].context or chunks[-1].text.startswith("Flower")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.html", "<table><tr><td>Ward</td><td>open | closed</td></tr><tr><td>Seven</td><td>open</td></tr></table>"),
        ("a.md", "| Ward | open \\| closed |\n|---|---|\n| Seven | open |\n"),
    ],
)
def test_what_parts_cells_parts_none_from_within(name: str, text: str) -> None:
    document = read(text.encode(), name_hint=name, limits=Limits(), on_progress=lambda _page, _pages: None)
    assert document.text == "Ward | open / closed\nSeven | open"
