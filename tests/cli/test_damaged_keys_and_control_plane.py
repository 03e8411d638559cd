"""What a disk ate of the keyring or the control plane is said in one sentence, and nothing makes it worse: the copy of
the keyring in the backup target stays, and with it the installation comes back."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from muniment.crypto.recovery import cleartext_recovery_kit
from muniment.crypto.root import cleartext_root
from tests.cli.terminal import Terminal

pytestmark = pytest.mark.long

SLOT = 128


@pytest.fixture
def target(installed: Terminal) -> Path:
    installed.run("agent", "create", "Archive")
    installed.run("backup", str(installed.folder / "target"))
    return installed.folder / "target"


def _garble(path: Path, start: int, length: int) -> None:
    content = bytearray(path.read_bytes())
    content[start : start + length] = bytes(255 - byte for byte in content[start : start + length])
    path.write_bytes(content)


@pytest.mark.parametrize(
    "damage",
    [
        Path.unlink,
        lambda ring: ring.write_bytes(b""),
        lambda ring: _garble(ring, 0, 8),
        lambda ring: _garble(ring, SLOT, 2**20),
    ],
    ids=["gone", "empty", "header", "keys"],
)
def test_a_damaged_keyring(installed: Terminal, target: Path, damage: Callable[[Path], object]) -> None:
    ring, copy = installed.keys / "rings" / "instance.ring", target / "rings" / "instance.ring"
    kept = copy.read_bytes()
    damage(ring)
    sentence = f"The keyring {ring} is damaged. Put its copy, out of rings in a backup target, in its place."
    assert installed.refusal("agent", "list") == sentence
    assert copy.read_bytes() == kept
    shutil.copy(copy, ring)
    assert "Archive" in installed.run("agent", "list")


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (Path.unlink, "The control plane is missing"),
        (lambda plane: plane.write_bytes(b""), "The control plane is missing"),
        (lambda plane: _garble(plane, 0, 64), "The control plane does not open under its key"),
        (lambda plane: _garble(plane, 4096, 2**20), "The control plane is damaged"),
    ],
    ids=["gone", "empty", "head", "pages"],
)
def test_a_damaged_control_plane(
    installed: Terminal, target: Path, damage: Callable[[Path], object], sentence: str
) -> None:
    damage(installed.home / "control.db")
    said = installed.refusal("agent", "list")
    assert said.startswith(sentence)
    assert "muniment restore" in said
    shutil.copy(next(target.glob("snapshots/*/control.db")), installed.home / "control.db")
    assert "Archive" in installed.run("agent", "list")


def test_a_damaged_copy_in_a_target_is_made_anew(installed: Terminal, target: Path) -> None:
    copy = target / "rings" / "instance.ring"
    kept = copy.read_bytes()
    _garble(copy, 0, 8)
    installed.run("agent", "list")
    assert copy.read_bytes() == kept


def test_no_restore_from_a_damaged_copy(installed: Terminal, target: Path) -> None:
    (installed.folder / "kit").write_text(" ".join(cleartext_recovery_kit(cleartext_root(installed.keys))))
    _garble(target / "rings" / "instance.ring", 0, 8)
    for folder in (installed.home, installed.keys):
        shutil.rmtree(folder)
    said = installed.refusal("restore", str(target), "--kit", str(installed.folder / "kit"))
    assert said.startswith(f"The keyring {target.resolve() / 'rings' / 'instance.ring'} is damaged.")
    assert not installed.home.exists()
