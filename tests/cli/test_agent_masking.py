"""`muniment agent masking`: what holds is shown, what is given takes its place, what cannot be used is refused."""

from tests.cli.terminal import Terminal


def test_masking_is_shown_and_changed(installed: Terminal) -> None:
    agent = installed.json("agent", "create", "Museum")["id"]
    (installed.folder / "letter.txt").write_text("Dear Dr. Margaret Holloway, project Nightjar begins.")
    installed.run("ingest", agent, "letter.txt", "--wait")
    shown = installed.json("agent", "masking", "Museum")
    assert (shown["mode"], shown["terms"], shown["masked"]) == ("stand_ins", [], {"person": 1})
    assert "person" in shown["classes"]
    assert "place" not in shown["classes"]

    changed = installed.json(
        "agent", "masking", agent, "--mode", "mask", "--term", "Nightjar", "--contact", "Desk", "--class", "custom"
    )
    assert (changed["mode"], changed["classes"], changed["terms"]) == ("mask", ["custom"], ["Nightjar"])
    assert changed["documents"] == {"live": 1, "waiting": 1, "failed": 0}

    refused = installed.refusal("agent", "masking", agent, "--pattern", "(?<=a)b")
    assert refused.startswith("Pattern 1: This pattern cannot be used")

    emptied = installed.json("agent", "masking", agent, "--contact", "")
    assert (emptied["contacts"], emptied["terms"], emptied["mode"]) == ([], ["Nightjar"], "mask")
    told = installed.run("agent", "masking", agent)
    assert "Masked anew: 0 of 1 documents" in told
