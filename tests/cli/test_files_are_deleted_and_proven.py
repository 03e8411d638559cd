"""An agent that deletes each file after reading, and one upload of the same kind: by commands alone."""

from tests.cli.terminal import Terminal


def test_choices_of_a_new_agent_and_of_an_upload(installed: Terminal) -> None:
    for name in ("ferns", "lanterns"):
        (installed.folder / f"{name}.txt").write_text(f"The {name} are in room nine.")
    installed.run("agent", "create", "Museum", "--masking", "off")
    installed.run("ingest", "Museum", "ferns.txt", "--delete-original", "--wait")
    installed.run("ingest", "Museum", "lanterns.txt", "--wait")
    listed = {one["name"]: one for one in installed.json("document", "list", "Museum")}
    assert {name: one["file"] for name, one in listed.items()} == {"ferns.txt": "deleted", "lanterns.txt": "kept"}
    assert "file deleted" in installed.run("document", "list", "Museum")
    assert (installed.folder / "ferns.txt").exists()

    installed.run("document", "receipt", "Museum", "ferns.txt", "--output", "receipt.json")
    assert "Verified: agent:original:erased" in installed.run("verify-receipt", "receipt.json")
    code, _, complained = installed.attempt("document", "receipt", "Museum", "lanterns.txt")
    assert (code, complained) == (1, "The file of this document was not deleted, so there is no receipt of it.\n")
    assert installed.attempt("document", "receipt", "Museum", "nothing.txt")[0] == 1

    installed.run("agent", "create", "Once", "--masking", "off", "--delete-originals")
    installed.run("ingest", "Once", "lanterns.txt", "--wait")
    assert [one["file"] for one in installed.json("document", "list", "Once")] == ["deleted"]
