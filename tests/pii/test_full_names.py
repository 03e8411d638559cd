"""A known given name brings its surname, which may be a town; what only stands behind one spreads no further."""

import pytest

from muniment.pii.full_names import full_names
from muniment.pii.types import Label, Tag
from tests.pii.finding import found


def _people(text: str) -> list[str]:
    return [words for kind, words in found(text) if kind == "person"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Max Mustermann wohnt dort, sagte man.", "Max Mustermann"),
        ("Das Gutachten von Wiebke Hamburg liegt vor.", "Wiebke Hamburg"),
        ("Es fehlte Liselotte von Kranz.", "Liselotte von Kranz"),
        ("Karl-Heinz Pohlmann kam später.", "Karl-Heinz Pohlmann"),
        ("what did margaret say about it", "margaret"),
    ],
)
def test_it_is_one_name(text: str, name: str) -> None:
    assert _people(text) == [name]


@pytest.mark.parametrize(
    "text",
    ["Die Behörde teilt der Kommission mit, dass Anträge fehlen.", "Der Prinz Regent war dort.", "das gilt nur hier"],
)
def test_other_capitals_are_none(text: str) -> None:
    assert _people(text) == []


def test_what_the_model_does_not_suspect_is_not_followed() -> None:
    (span,) = full_names("Dann gab Dietmar Geld aus.", [])
    assert span.score < 0.4
    tag = Tag(17, 21, Label.SURNAME, 0.05)
    (span,) = full_names("Dann gab Dietmar Geld aus.", [tag])
    assert span.score > 0.4
