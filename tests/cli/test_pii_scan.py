"""`muniment pii scan`: places, classes and scores of what stands in a file; never its words; nothing is kept."""

import json

from tests.cli.terminal import Terminal

LETTER = (
    "Dear Mrs Holloway,\n\nyour IBAN is GB29 NWBK 6016 1331 9268 19, your address 12 High Street, London SW1A 1AA.\n\n"
    "Write to margaret.holloway@example.org.\n\nIt rains in Germany today.\n"
)


def test_scripts_get_places_classes_and_scores(fresh: Terminal) -> None:
    (fresh.folder / "letter.txt").write_text(LETTER)
    code, out, _ = fresh.attempt("pii", "scan", "letter.txt", "--json")
    assert code == 0
    said = json.loads(out)
    assert {key for span in said["spans"] for key in span} == {"start", "end", "class", "score"}
    words = {span["class"]: LETTER[span["start"] : span["end"]] for span in said["spans"]}
    assert words == {
        "person": "Holloway",
        "iban": "GB29 NWBK 6016 1331 9268 19",
        "address": "12 High Street, London SW1A 1AA",
        "email": "margaret.holloway@example.org",
    }
    assert not fresh.home.exists()


def test_people_get_lines_and_no_words_of_the_file(fresh: Terminal) -> None:
    (fresh.folder / "letter.txt").write_text(LETTER)
    code, out, _ = fresh.attempt("pii", "scan", "letter.txt", "--all")
    assert code == 0
    assert "place" in out
    assert "Holloway" not in out
    assert "GB29" not in out


def test_nothing_found_is_said_as_no_proof(fresh: Terminal) -> None:
    (fresh.folder / "plain.txt").write_text("The weather was fine, and everybody went home early.\n")
    assert "no proof" in fresh.attempt("pii", "scan", "plain.txt")[1]


def test_a_missing_file_is_one_sentence(fresh: Terminal) -> None:
    assert fresh.attempt("pii", "scan", "absent.txt") == (1, "", "There is no file absent.txt.\n")


def test_any_format_is_read_and_standard_input_too(fresh: Terminal) -> None:
    """The places are those of the text as it was read, whatever held it."""
    page = f"<html><body><h1>About</h1><p>{LETTER.splitlines()[2]}</p></body></html>"
    (fresh.folder / "letter.html").write_text(page)
    from_file = fresh.attempt("pii", "scan", "letter.html", "--json")
    assert from_file[0] == 0
    assert [span["class"] for span in json.loads(from_file[1])["spans"]] == ["iban", "address"]
    assert fresh.attempt("pii", "scan", "-", "--json", given=page) == from_file
