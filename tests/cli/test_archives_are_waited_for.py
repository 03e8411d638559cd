"""`muniment ingest --wait` on an archive returns once its files are read, and names them."""

import json
import zipfile

from tests.cli.terminal import Terminal


def test_its_files_stand_in_its_place(installed: Terminal) -> None:
    with zipfile.ZipFile(installed.folder / "papers.zip", "w") as archive:
        archive.writestr("rooms/herbarium.txt", "The herbarium is open on Mondays.")
        archive.writestr("broken.pdf", b"%PDF-1.7 and nothing more")
    (installed.folder / "other.txt").write_text("The library is open on Tuesdays.")
    installed.run("agent", "create", "Archive")
    for _ in range(2):  # the second time all is here already but what failed
        code, said, _ = installed.attempt("ingest", "Archive", "papers.zip", "other.txt", "--wait", "--json")
        states = {one["name"]: one["state"] for one in json.loads(said)["documents"]}
        assert code == 1
        assert states == {
            "papers.zip/rooms/herbarium.txt": "live",
            "papers.zip/broken.pdf": "failed",
            "other.txt": "live",
        }
