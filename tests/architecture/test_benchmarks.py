from importlib.util import find_spec

from evaluations.__main__ import PAGE, evaluations, filled


def test_every_place_on_the_page_has_its_evaluation() -> None:
    names = evaluations(PAGE.read_text())
    assert len(names) >= 3
    assert len(set(names)) == len(names)
    assert [name for name in names if find_spec(f"evaluations.{name}") is None] == []


def test_a_table_goes_into_its_own_place_alone() -> None:
    page = "<!-- measured by one -->\nold\n<!-- end -->\ntext\n<!-- measured by two -->\nold\n<!-- end -->\n"
    once = filled(page, "two", "| new |")
    assert once == page[: page.rindex("old")] + "| new |\n<!-- end -->\n"
    assert filled(once, "two", "| new |") == once
