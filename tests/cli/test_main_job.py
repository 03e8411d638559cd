"""From a fresh home to a cited answer and a receipt, by commands alone: no server, no worker, nothing configured."""

import json

from tests.cli.terminal import Terminal

TEXT = "The herbarium is open on Mondays. Its lantern hangs in room nine."


def test_ingest_ask_delete(fresh: Terminal) -> None:
    (fresh.folder / "papers" / "rooms").mkdir(parents=True)
    (fresh.folder / "papers" / "rooms" / "herbarium.txt").write_text(TEXT)
    (fresh.folder / "papers" / "broken.pdf").write_bytes(b"%PDF-1.7 and nothing more")
    agent = fresh.json("agent", "create", "Archive")["id"]

    code, said, complained = fresh.attempt("ingest", "Archive", "papers", "--wait", "--json")
    assert code == 1
    documents = {one["name"]: one for one in json.loads(said)["documents"]}
    assert documents["papers/rooms/herbarium.txt"]["state"] == "live"
    assert documents["papers/broken.pdf"]["state"] == "failed"
    assert documents["papers/broken.pdf"]["error"].endswith(".")
    assert "Reading: 2 of 2" in complained
    assert complained.endswith("1 of 2 files could not be taken in.\n")

    answer = fresh.json("ask", agent, "When is the herbarium open?")
    assert (answer["grounded"], answer["refused"]) == (True, False)
    assert "Mondays" in answer["answer"]
    for citation in answer["citations"]:
        assert citation["document"] == "papers/rooms/herbarium.txt"
        assert citation["page"] is None
        assert TEXT[citation["start"] : citation["end"]] == citation["quote"]
    assert set(answer["timings"]) == {"found", "first_sentence", "total"}
    assert "[1] papers/rooms/herbarium.txt" in fresh.run("ask", agent, "When is the herbarium open?")

    fresh.run("agent", "delete", agent, "--receipt", "receipt.json")
    assert "Verified: agent:agent:erased" in fresh.run("verify-receipt", "receipt.json")
    assert fresh.json("agent", "list") == []
    assert fresh.json("verify-log")["unsigned"] == 0


def test_what_the_documents_do_not_hold_is_refused(installed: Terminal) -> None:
    (installed.folder / "herbarium.txt").write_text(TEXT)
    installed.run("agent", "create", "Archive")
    installed.run("ingest", "Archive", "herbarium.txt", "--wait")
    answer = installed.json("ask", "Archive", "What does a submarine cost?")
    assert (answer["grounded"], answer["refused"], answer["citations"]) == (False, True, [])


def test_without_a_worker_it_says_who_will_read(installed: Terminal) -> None:
    (installed.folder / "herbarium.txt").write_text(TEXT)
    installed.run("agent", "create", "Archive")
    code, said, complained = installed.attempt("ingest", "Archive", "herbarium.txt")
    assert (code, said.split()[0]) == (0, "queued")
    assert "No worker runs." in complained
