"""Anybody can check an export with one file and Python: no Muniment, no packages, in an empty folder."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from muniment.audit import selectors, verifier
from muniment.audit.services import FileWitness, make_receipt, show_log
from muniment.core.actors import SYSTEM
from muniment.core.ids import new_id
from tests.audit.cast import act, signed_log

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Holds the verifier, an export, a receipt, the keys and what a witness remembers; nothing of the product."""
    events = signed_log(20)
    show_log(FileWitness(tmp_path / "witness"))
    shutil.copy(verifier.__file__, tmp_path / "verifier.py")
    (tmp_path / "log.jsonl").write_text("".join(selectors.export(SYSTEM)), "utf-8")
    (tmp_path / "receipt.json").write_text(make_receipt(events[7]), "utf-8")
    (tmp_path / "keys").write_text("\n".join(selectors.public_keys(SYSTEM)), "utf-8")
    (tmp_path / "event").write_text(events[7])
    return tmp_path


def run(folder: Path, *arguments: str) -> tuple[int, str]:
    """`-I` takes the folder, the environment and user packages out of the path; `-S` the installed packages too."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-W", "error", "verifier.py", *arguments],
        cwd=folder,
        env={"PATH": "/usr/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return done.returncode, done.stdout


def test_it_imports_the_standard_library_only(folder: Path) -> None:
    probe = "import sys; sys.path.insert(0, '.'); import verifier; print('\\n'.join(m for m in sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-I", "-S", "-c", probe], cwd=folder, capture_output=True, text=True, check=True
    ).stdout.split()
    roots = {name.partition(".")[0] for name in loaded}
    assert "hashlib" in roots
    assert roots - set(sys.stdlib_module_names) == {"verifier", "__main__"} - set(sys.stdlib_module_names)


def test_a_log_verifies_with_witness_and_key(folder: Path) -> None:
    code, text = run(folder, "log", "log.jsonl", "--witness", "witness", "--key", "keys")
    assert (code, text[:9]) == (0, "Verified:")
    assert "'entries': 21" in text
    assert "'witnessed': 1" in text
    assert "No key was given" not in text
    assert "No key was given" in run(folder, "log", "log.jsonl")[1]


def test_a_changed_log_is_refused(folder: Path) -> None:
    path = folder / "log.jsonl"
    path.write_text(path.read_text("utf-8").replace(r"\"count\":7", r"\"count\":8", 1), "utf-8")
    assert run(folder, "log", "log.jsonl") == (1, run(folder, "log", "log.jsonl")[1])
    assert "was changed, removed, inserted or moved" in run(folder, "log", "log.jsonl")[1]


def test_a_receipt_verifies_for_its_event_only(folder: Path) -> None:
    event = (folder / "event").read_text()
    assert run(folder, "receipt", "receipt.json", "--key", "keys", "--event", event)[0] == 0
    assert run(folder, "receipt", "receipt.json", "--event", new_id())[0] == 1


def test_an_untrusted_key_is_refused(folder: Path) -> None:
    other = str(verifier.Key("muniment/other", bytes(range(32))))
    code, text = run(folder, "log", "log.jsonl", "--key", other)
    assert code == 1
    assert "another key than the one you trust" in text
    assert run(folder, "receipt", "receipt.json", "--key", other)[0] == 1


def test_what_cannot_be_read_has_an_exit_code_of_its_own(folder: Path) -> None:
    assert run(folder, "log", "missing.jsonl")[0] == 2
    assert run(folder, "receipt", "log.jsonl")[0] == 1


def test_a_hostile_file_sends_nothing_to_the_terminal(folder: Path) -> None:
    first, *rest = (folder / "log.jsonl").read_text("utf-8").splitlines()
    header = json.loads(first)
    header["epochs"][0]["origin"] = "\x1b[2Jmuniment/\u202egnp"
    (folder / "hostile.jsonl").write_text("\n".join([json.dumps(header), *rest]), "utf-8")
    code, text = run(folder, "log", "hostile.jsonl", "--key", str(verifier.Key("x", bytes(32))))
    assert code == 1
    assert text.isascii()
    assert "\x1b" not in text


@pytest.mark.parametrize("cut", [1, 2, 5])
def test_an_incomplete_export_is_refused(cut: int) -> None:
    act()
    signed_log(3)
    lines = list(selectors.export(SYSTEM))
    assert verifier.verify_log(lines)["entries"] == 5
    with pytest.raises(verifier.VerificationError):
        verifier.verify_log(lines[:-cut])


@pytest.mark.parametrize("text", [[], [""], ["[]"], ["{}"], ['{"type":"export"}'], ["\x00"], ["[" * 100_000]])
def test_rubbish_is_refused_with_a_sentence(text: list[str]) -> None:
    with pytest.raises(verifier.VerificationError):
        verifier.verify_log(text)
