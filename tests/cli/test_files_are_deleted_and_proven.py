"""An agent that deletes each file after reading, and one upload of the same kind: by commands alone."""

from tests.cli.terminal import Terminal


def test_choices_of_a_new_agent_and_of_an_upload(fresh: Terminal) -> None:
    for name in ("ferns", "lanterns"):
        (fresh.folder / f"{name}.txt").write_text(f"The {name} are in room nine.")
    fresh.run("agent", "create", "Museum", "--masking", "off")
    fresh.run("ingest", "Museum", "ferns.txt", "--delete-original", "--wait")
    fresh.run("ingest", "Museum", "lanterns.txt", "--wait")
    listed = {one["name"]: one for one in fresh.json("document", "list", "Museum")}
    assert {name: one["file"] for name, one in listed.items()} == {"ferns.txt": "deleted", "lanterns.txt": "kept"}
    assert "file deleted" in fresh.run("document", "list", "Museum")
    assert (fresh.folder / "ferns.txt").exists()

    fresh.run("document", "receipt", "Museum", "ferns.txt", "--output", "receipt.json")
    assert "Verified: agent:original:erased" in fresh.run("verify-receipt", "receipt.json")
    code, _, complained = fresh.attempt("document", "receipt", "Museum", "lanterns.txt")
    assert (code, complained) == (1, "The file of this document was not deleted, so there is no receipt of it.\n")
    assert fresh.attempt("document", "receipt", "Museum", "nothing.txt")[0] == 1

    fresh.run("agent", "create", "Once", "--masking", "off", "--delete-originals")
    fresh.run("ingest", "Once", "lanterns.txt", "--wait")
    assert [one["file"] for one in fresh.json("document", "list", "Once")] == ["deleted"]
