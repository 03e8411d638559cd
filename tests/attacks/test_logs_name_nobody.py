"""Attacker: whoever reads the logs: they lie in clear, and go to other systems. Move: waits until a library, or a fault
of ours, puts personal data into a line or into the words of an exception. Guarantee: G-77, what the rules can find is
masked.
"""

import logging
import re
import subprocess
import sys
from pathlib import Path

import pytest

from muniment.pii import logs
from muniment.pii.logs import MaskingFormatter
from muniment.pii.types import PROMISED, PiiClass
from tests.attacks.test_nothing_personal_leaves import SAID

ROOT = Path(__file__).resolve().parents[2]
TITLED = {
    (PiiClass.PERSON, "en"): ("It was Mr {} again.", "Holloway"),
    (PiiClass.PERSON, "de"): ("Es war Frau {}.", "Hollweg"),
}
BY_RULES = {case: said for case, said in SAID.items() if case[0] is not PiiClass.CUSTOM} | TITLED
"""An owner's own words are known to no log: they lie sealed in a silo."""


def _formatter() -> MaskingFormatter:
    """The one that logging was set up with."""
    (found,) = (one.formatter for one in logging.getLogger().handlers if isinstance(one.formatter, MaskingFormatter))
    return found


def _logged(message: str, *arguments: object, error: BaseException | None = None) -> str:
    trace = (type(error), error, error.__traceback__) if error else None
    return _formatter().format(logging.LogRecord("a.library", logging.ERROR, "x.py", 1, message, arguments, trace))


@pytest.mark.parametrize("case", BY_RULES, ids=lambda case: f"{case[0]}-{case[1]}")
def test_each_class_is_masked_in_messages_and_tracebacks(case: tuple[PiiClass, str]) -> None:
    said, secret = BY_RULES[case]
    assert secret in logging.Formatter().format(logging.LogRecord("x", 1, "x", 1, said.format(secret), (), None))
    assert secret not in _logged(said.format(secret))
    assert secret not in _logged("It said: %s", said.format(secret))
    try:
        raise ValueError(said.format(secret))  # noqa: TRY301 - its traceback is what is logged
    except ValueError as error:
        lines = _logged("failed", error=error)
    assert secret not in lines
    assert "Traceback" in lines
    assert "ValueError" in lines


def test_each_class_that_rules_find_is_tried() -> None:
    assert {kind for kind, _ in BY_RULES} == PROMISED - {PiiClass.CUSTOM}


@pytest.mark.parametrize(
    "line",
    [
        "GET agents:documents 200 12 ms",
        "job k3x2m4n5p6q7r2s3t4u5v6w7xa of kind ingest, attempt 3: TransientError at pipeline.py:120 run",
        "The worker ended with code -9. It is started again in 30 seconds.",
        "Started server process [12345] on http://localhost:8000",
        "ValueError read:212 < look:88 < __call__:40",
    ],
)
def test_our_own_lines_stay_as_they_are(line: str) -> None:
    assert _logged(line).endswith(f"ERROR a.library {line}")


def test_times_and_numbers_of_our_own_stay() -> None:
    line = _logged("%s %s %d %.0f ms", "GET", "ingest:knowledge", 200, 543.2)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} ERROR a.library GET ingest:knowledge 200 543 ms", line)


def test_words_given_by_name_are_masked() -> None:
    assert "peter.holt" not in _logged("%(who)s wrote", {"who": "peter.holt@example.org"})


def test_a_line_without_end_is_cut() -> None:
    line = _logged("x " * 100_000 + "peter.holt@example.org")
    assert len(line) < logs.LONGEST + 200
    assert line.endswith("not logged]")


def test_what_cannot_be_looked_through_is_not_logged(monkeypatch: pytest.MonkeyPatch) -> None:
    line = _logged("%d", "peter.holt@example.org")  # logging itself would print the words of this record
    assert "peter" not in line
    assert "TypeError" in line


def test_a_process_of_ours_masks_what_nobody_caught() -> None:
    code = (
        "import os, threading, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'muniment.settings'; django.setup()\n"
        "from muniment.core.faults import log_uncaught; log_uncaught()\n"
        "def fail(): raise ValueError('write to ' + 'peter.holt@' + 'example.org')\n"
        "thread = threading.Thread(target=fail); thread.start(); thread.join(); fail()"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.count("ValueError: write to [EMAIL]") == 2
    assert "peter.holt@example" not in done.stderr
