"""Snapshot, delete, destroy the machine, restore from the target and the printed kit: the deleted stays dead."""

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from muniment.crypto.recovery import cleartext_recovery_kit
from muniment.crypto.root import cleartext_root
from tests.long.command_line import Installation

ROOT = Path(__file__).resolve().parents[2]
FERNS = "The herbarium is open on Mondays."
LANTERN = "The zanzibarquartz lantern is in room nine."
INSIDE = [sys.executable, "-m", "tests.long.inside"]


def _agent(muniment: Installation, name: str, **texts: str) -> tuple[str, dict[str, str]]:
    """Its id, and those of its documents by name."""
    agent = muniment.run("agent", "create", name, "--json")["id"]
    files = muniment.folder / f"files of {name}"
    files.mkdir()
    for file, text in texts.items():
        (files / f"{file}.txt").write_text(text)
    given = muniment.run("ingest", agent, *map(str, files.iterdir()), "--wait", "--json")["documents"]
    return agent, {one["name"].removesuffix(".txt"): one["document"] for one in given}


def _kit(muniment: Installation) -> str:
    return " ".join(cleartext_recovery_kit(cleartext_root(muniment.keys)))


def _destroy(muniment: Installation) -> None:
    shutil.rmtree(muniment.home)
    shutil.rmtree(muniment.keys)


def _inspected(muniment: Installation) -> dict[str, list[str]]:
    command = [*INSIDE, "tests.long.inspection"]
    done = subprocess.run(command, cwd=ROOT, env=muniment.environment, stdout=subprocess.PIPE, check=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _answering(muniment: Installation, *lines: tuple[str, ...]) -> list[object]:
    """What the services say to each line of tests/long/answering.py."""
    typed = "".join(json.dumps(line) + "\n" for line in lines)
    command, pipe = [*INSIDE, "tests.long.answering"], subprocess.PIPE
    done = subprocess.run(command, cwd=ROOT, env=muniment.environment, input=typed, stdout=pipe, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.long
def test_snapshot_delete_destroy_restore(tmp_path: Path) -> None:
    muniment, target = Installation(tmp_path), str(tmp_path / "target")
    kept, documents = _agent(muniment, "Kept", ferns=FERNS, lantern=LANTERN)
    doomed, _ = _agent(muniment, "Doomed", lantern=LANTERN)
    talk = muniment.run("ask", kept, "Where is the zanzibarquartz lantern?", "--json")["conversation"]
    other = muniment.run("ask", kept, "When is the herbarium open?", "--json")["conversation"]
    assert muniment.run("ask", doomed, "Where is the zanzibarquartz lantern?", "--json")["grounded"]
    muniment.run("backup", target)
    receipt = tmp_path / "receipt.json"
    muniment.run("agent", "delete", doomed, "--receipt", str(receipt))
    _answering(muniment, ("delete_document", kept, documents["lantern"]), ("delete_talk", kept, talk))
    assert "Verified" in muniment.run("verify-receipt", str(receipt))
    kit = _kit(muniment)
    _destroy(muniment)

    muniment.run("restore", target, typed=kit)

    listed = muniment.run("agent", "list")
    assert kept in listed
    assert doomed not in listed
    muniment.run("ask", doomed, "Where is the zanzibarquartz lantern?", refused=True)
    assert "Mondays" in muniment.run("ask", kept, "When is the herbarium open?", "--json")["answer"]
    said = _answering(
        muniment,
        ("ask", kept, "Where is the zanzibarquartz lantern?"),
        ("open", kept, documents["lantern"]),
        ("original", kept, documents["lantern"]),
        ("talk", kept, talk),
        ("talk", kept, other),
        ("original", kept, documents["ferns"]),
    )
    assert "room nine" not in str(said)
    assert all(isinstance(one, dict) for one in said[1:4])
    assert "herbarium open" in str(said[4])
    assert FERNS in str(said[5])
    assert "2 epochs" in muniment.run("verify-log", "--witness", str(Path(target) / "witness"))
    assert "Verified" in muniment.run("verify-receipt", str(receipt))
    assert _inspected(muniment)["documents"] == [documents["ferns"]]


@pytest.mark.long
def test_what_must_not_be_restored_is_refused(tmp_path: Path) -> None:
    """Attacker: brings an old copy of the target's keyring to revive what was erased since. Guarantee: G-12."""
    muniment, target = Installation(tmp_path), tmp_path / "target"
    agent, _ = _agent(muniment, "Doomed", lantern=LANTERN)
    muniment.run("backup", str(target))
    shutil.copytree(target / "rings", tmp_path / "old-rings")
    muniment.run("agent", "delete", agent, "--receipt", str(tmp_path / "receipt.json"))
    muniment.run("backup", str(target))
    kit = _kit(muniment)
    stranger = Installation(tmp_path / "stranger")
    stranger.run("agent", "create", "Other")
    _destroy(muniment)

    def refused(typed: str) -> str:
        sentence = str(muniment.run("restore", str(target), typed=typed, refused=True))
        assert sentence.count("\n") == 1, sentence
        assert not muniment.home.exists()
        return sentence

    assert "typing mistake" in refused(kit[:-1] + ("0" if kit[-1] != "0" else "1"))
    assert "14 groups" in refused(kit[: len(kit) // 2])
    assert "another installation" in refused(_kit(stranger))
    (target / "rings").rename(tmp_path / "newest-rings")
    assert "holds no copy of the keyring" in refused(kit)
    (target / "erasures.jsonl").rename(tmp_path / "newest-ledger")
    shutil.copytree(tmp_path / "old-rings", target / "rings")
    assert "older than the snapshot" in refused(kit)
    (tmp_path / "newest-ledger").rename(target / "erasures.jsonl")
    muniment.run("restore", str(target), typed=kit)  # with the newest ledger even an old keyring revives nothing
    assert agent not in muniment.run("agent", "list")
    assert "installation here already" in str(muniment.run("restore", str(target), typed=kit, refused=True))
    (muniment.keys / "restoring").touch()  # as a restore that was killed leaves it
    assert "restore was interrupted" in str(muniment.run("agent", "list", refused=True))


@pytest.mark.long
def test_a_backup_made_while_others_write_is_consistent(tmp_path: Path) -> None:
    muniment, target = Installation(tmp_path), str(tmp_path / "target")
    muniment.run("agent", "create", "First")
    command = [*INSIDE, "tests.long.acting", "1215"]
    processes = [
        subprocess.Popen(
            each, cwd=ROOT, env=muniment.environment, stdout=subprocess.PIPE, start_new_session=True, text=True
        )
        for each in (command, muniment.command("worker"))
    ]
    try:
        writing = processes[0].stdout
        assert writing
        acts = 0
        for _ in range(3):
            acts += sum(json.loads(writing.readline())[3] for _ in range(20))
            muniment.run("backup", target)
        assert processes[0].poll() is None
    finally:
        for process in processes:
            process.send_signal(signal.SIGKILL)
            process.wait()
            if process.stdout:
                process.stdout.close()
    assert acts > 20
    kit = _kit(muniment)
    _destroy(muniment)
    muniment.run("restore", target, typed=kit)
    found = _inspected(muniment)
    # A silo is copied after the control plane, and an agent may be erased after the last snapshot: these acts are in
    # that part of the log of which the new epoch says that it was lost. Everything else must be whole.
    assert [fault for fault in found["faults"] if "without an event" not in fault] == []
    assert found["documents"]
    assert "Verified" in muniment.run("verify-log", "--witness", str(Path(target) / "witness"))
