"""Snapshot, delete, destroy the machine, restore from the target and the printed kit: the deleted stays dead."""

import shutil
from pathlib import Path

import pytest

from muniment.crypto.recovery import cleartext_recovery_kit
from muniment.crypto.root import cleartext_root
from tests.long.command_line import Installation


@pytest.mark.long
def test_snapshot_delete_destroy_restore(tmp_path: Path) -> None:
    muniment, target = Installation(tmp_path), str(tmp_path / "target")
    agents = {}
    for name, text in (("Kept", "The herbarium is open on Mondays."), ("Doomed", "The lantern is in room nine.")):
        agents[name] = muniment.run("agent", "create", name, "--json")["id"]
        file = tmp_path / f"{name}.txt"
        file.write_text(text)
        muniment.run("ingest", agents[name], str(file), "--wait")
    muniment.run("backup", target)
    assert muniment.run("ask", agents["Doomed"], "Where is the lantern?", "--json")["grounded"]
    receipt = tmp_path / "receipt.json"
    muniment.run("agent", "delete", agents["Doomed"], "--receipt", str(receipt))
    assert "Verified" in muniment.run("verify-receipt", str(receipt))
    kit = " ".join(cleartext_recovery_kit(cleartext_root(muniment.keys)))
    shutil.rmtree(muniment.home)
    shutil.rmtree(muniment.keys)

    wrong = kit[:-1] + ("0" if kit[-1] != "0" else "1")
    assert "typing mistake" in muniment.run("restore", target, typed=wrong, refused=True)
    muniment.run("restore", target, typed=kit)

    listed = muniment.run("agent", "list")
    assert agents["Kept"] in listed
    assert agents["Doomed"] not in listed
    muniment.run("ask", agents["Doomed"], "Where is the lantern?", refused=True)
    assert "Mondays" in muniment.run("ask", agents["Kept"], "When is the herbarium open?", "--json")["answer"]
    assert "2 epochs" in muniment.run("verify-log")


@pytest.mark.long
def test_an_older_keyring_is_refused(tmp_path: Path) -> None:
    """Attacker: brings an old copy of the target's keyring to revive what was erased since. Guarantee: G-12."""
    muniment, target = Installation(tmp_path), tmp_path / "target"
    agent = muniment.run("agent", "create", "Doomed", "--json")["id"]
    muniment.run("backup", str(target))
    shutil.copytree(target / "rings", tmp_path / "old-rings")
    muniment.run("agent", "delete", agent, "--receipt", str(tmp_path / "receipt.json"))
    muniment.run("backup", str(target))
    kit = " ".join(cleartext_recovery_kit(cleartext_root(muniment.keys)))
    shutil.rmtree(muniment.home)
    shutil.rmtree(muniment.keys)
    shutil.rmtree(target / "rings")
    (target / "erasures.jsonl").rename(tmp_path / "newest-ledger")
    shutil.copytree(tmp_path / "old-rings", target / "rings")
    assert "older than the snapshot" in muniment.run("restore", str(target), typed=kit, refused=True)
    (tmp_path / "newest-ledger").rename(target / "erasures.jsonl")
    muniment.run("restore", str(target), typed=kit)
    assert agent not in muniment.run("agent", "list")
