import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "threat-model.md").read_text()
GUARANTEES = re.findall(r"^\* \*\*(G-\d{2,3})\*\* (.*?)(?=^\* \*\*|^#|\Z)", PAGE, re.MULTILINE | re.DOTALL)


def test_every_guarantee_names_tests_that_exist() -> None:
    assert len(GUARANTEES) >= 6
    for number, text in GUARANTEES:
        named = re.findall(r"`(tests/[^`]+\.py)`", text)
        assert named, f"{number} names no test"
        for path in named:
            assert (ROOT / path).exists(), f"{number} names {path}"


def test_numbers_are_given_once() -> None:
    numbers = [number for number, _ in GUARANTEES]
    assert len(set(numbers)) == len(numbers)
