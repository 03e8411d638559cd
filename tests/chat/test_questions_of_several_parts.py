import pytest

from muniment.chat.answering.parts import parts


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who may delete agents, and when are they gone?", ("Who may delete agents", "when are they gone?")),
        ("Wann ist geöffnet und was kostet der Eintritt?", ("Wann ist geöffnet", "was kostet der Eintritt?")),
        ("Who pays? How much?", ("Who pays", "How much?")),
        ("What are the rights to rectification and erasure?", ()),
        ("Is salt and pepper on the table?", ()),
        ("The nurse and the doctor, where are they?", ()),
    ],
)
def test_only_whole_questions_are_parts(question: str, expected: tuple[str, ...]) -> None:
    assert parts(question) == expected
