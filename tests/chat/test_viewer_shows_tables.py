"""How the extracted text of tables and lists is shown."""

from muniment.chat.document_html import leaf
from muniment.ingest.parsing.reader import read
from muniment.ingest.types import Limits


def _leaf(markdown: str) -> str:
    document = read(markdown.encode(), name_hint="a.md", limits=Limits(), on_progress=lambda _page, _pages: None)
    return leaf(document, (0, len(document.text)), hits=[])


def test_the_names_of_columns_are_headers() -> None:
    html = _leaf("| Ward | Hours | Visitors |\n|---|---|---|\n| Eight | 15 to 17 | 2 |\n")
    assert html == (
        "<table><thead><tr><th>Ward</th><th>Hours</th><th>Visitors</th></tr></thead>"
        "<tbody><tr><td>Eight</td><td>15 to 17</td><td>2</td></tr></tbody></table>"
    )


def test_pairs_have_none() -> None:
    html = _leaf("| Name | Alice |\n|---|---|\n| City | York |\n")
    rows = "<tr><td>Name</td><td>Alice</td></tr><tr><td>City</td><td>York</td></tr>"
    assert html == f"<table><tbody>{rows}</tbody></table>"


def test_an_item_without_a_marker_is_given_one() -> None:
    assert _leaf("1. First.") == '<ul><li class="depth-0">1. First.</li></ul>'
    assert _leaf("- Soap.") == '<ul><li class="depth-0 is-unmarked">Soap.</li></ul>'
