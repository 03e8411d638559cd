import json
import shutil

from muniment.crypto.types import KeyKind
from tests.cli.terminal import Terminal

PARTS = {
    "start",
    "keys",
    "home",
    "cipher",
    "disk",
    "pictures",
    "address",
    "local model",
    "owner",
    "model",
    "reranker",
    "keyring",
    "backup targets",
    "worker",
    "detector",
    "jobs",
    "audit log",
    "agents",
    "credits",
}


def test_each_part_of_a_fresh_installation(fresh: Terminal) -> None:
    found = {one["part"]: (one["state"], one["said"]) for one in fresh.json("doctor")}
    assert set(found) == PARTS
    warned = {part for part, (state, _) in found.items() if state == "warn"}
    assert warned == {"owner", "backup targets", "worker", "detector"}
    assert all(said.endswith((".", "TARGET", "setup-link", "serve")) for _, said in found.values())


def test_what_others_can_read_fails_with_the_mend(fresh: Terminal) -> None:
    fresh.run("agent", "list")
    (fresh.home / "control.db").chmod(0o644)
    code, said, complained = fresh.attempt("doctor")
    assert code == 1
    assert f"fail home: {fresh.home / 'control.db'} can be read by others. Run: chmod -R go= {fresh.home}" in said
    assert complained == "At least one part fails; see above.\n"


def test_an_installation_that_does_not_start_is_examined_as_far_as_it_goes(fresh: Terminal) -> None:
    fresh.run("agent", "list")
    (fresh.keys / "root.key").unlink()
    code, said, _ = fresh.attempt("doctor", "--json")
    found = {one["part"]: one["state"] for one in json.loads(said)}
    assert (code, found["start"], found["keys"], found["cipher"], found["the rest"]) == (
        1,
        "fail",
        "fail",
        "ok",
        "warn",
    )


def test_a_damaged_agent_is_named_with_its_mend(fresh: Terminal) -> None:
    whole = fresh.json("agent", "create", "Whole")["id"]
    others = set(fresh.home.glob("silos/*.db"))
    damaged = fresh.json("agent", "create", "Broken")["id"]
    (path,) = set(fresh.home.glob("silos/*.db")) - others
    assert "agents: 2 checked, none is damaged." in fresh.run("doctor")
    target = fresh.home.parent / "target"
    fresh.run("backup", str(target))
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    code, said, _ = fresh.attempt("doctor")
    (line,) = [line for line in said.splitlines() if line.startswith("fail")]
    assert code == 1
    assert f"Broken ({damaged})" in line
    assert whole not in line
    command = line.rpartition("target: ")[2].removeprefix("muniment ").split()
    assert command == ["restore", str(target.resolve()), "--agent", damaged]
    fresh.run(*command)
    assert "agents: 2 checked, none is damaged." in fresh.run("doctor")


def test_a_damaged_key_is_not_blamed_on_the_agent(fresh: Terminal) -> None:
    """The mend is the keyring's copy: a restore of the agent would lose what was added to it, and help nothing."""
    named = fresh.json("agent", "create", "Archive")["id"]
    fresh.run("backup", str(fresh.folder / "target"))
    ring = fresh.keys / "rings" / "instance.ring"
    content = bytearray(ring.read_bytes())
    (slot,) = [at for at in range(128, len(content), 128) if content[at + 1] == KeyKind.SILO]
    content[slot + 100] ^= 1
    ring.write_bytes(content)
    code, said, _ = fresh.attempt("doctor")
    failed = dict(line.removeprefix("fail ").split(": ", 1) for line in said.splitlines() if line.startswith("fail"))
    assert code == 1
    assert failed["keyring"].startswith(f"The keyring {ring} is damaged. Put its copy")
    assert f"Archive ({named})" in failed["agents"]
    assert "--agent" not in said
    shutil.copy(fresh.folder / "target" / "rings" / ring.name, ring)
    assert fresh.attempt("doctor")[0] == 0


def test_a_lost_ring_of_an_agent_is_told(fresh: Terminal) -> None:
    fresh.run("agent", "create", "Archive")
    (ring,) = [path for path in (fresh.keys / "rings").glob("*.ring") if path.stem != "instance"]
    ring.unlink()
    code, said, _ = fresh.attempt("doctor")
    assert code == 1
    assert f"fail keyring: The keyring {ring} is damaged." in said
