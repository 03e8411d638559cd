import json

from tests.cli.terminal import Terminal

PARTS = {
    "start",
    "keys",
    "home",
    "cipher",
    "disk",
    "address",
    "owner",
    "model",
    "backup targets",
    "worker",
    "jobs",
    "audit log",
}


def test_each_part_of_a_fresh_installation(fresh: Terminal) -> None:
    found = {one["part"]: (one["state"], one["said"]) for one in fresh.json("doctor")}
    assert set(found) == PARTS
    assert {part for part, (state, _) in found.items() if state == "warn"} == {"owner", "backup targets", "worker"}
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
