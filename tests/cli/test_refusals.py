"""Whatever is asked wrongly ends with exit code 1 and one sentence that says the mend; never with a traceback."""

import shutil

import pytest

from tests.cli.terminal import Terminal

REFUSED = [
    (("agent", "create", " "), "1 to 100 characters"),
    (("agent", "delete", "Nobody"), "There is no such agent"),
    (("agent", "delete", "Archive", "--receipt", "nowhere/receipt.json"), "cannot be written to nowhere/receipt.json"),
    (("agent", "delete", "Archive", "--receipt", "empty"), "There is a file at empty already"),
    (("agent", "list", "--team", "Next Door"), "There is no such team"),
    (("ask", "Nobody", "Who is there?"), "There is no such agent"),
    (("ask", "Twin", "Who is there?"), "Several agents are named Twin. Give its id"),
    (("ask", "Archive", " "), "The question is empty"),
    (("ask", "Archive", "Who?", "--conversation", "none"), "There is no such conversation"),
    (("ingest", "Nobody", "empty"), "There is no such agent"),
    (("ingest", "Archive", "absent.pdf"), "There is no file or folder absent.pdf"),
    (("ingest", "Archive", "/dev/zero"), "There is no file or folder /dev/zero"),
    (("ingest", "Archive", "empty", "double/empty"), "have one name"),
    (("ingest", "Archive", "bare"), "There are no files in this folder"),
    (("backup", "home/inside"), "inside or around the installation"),
    (("backup", "empty/target"), "Not a directory"),
    (("restore", "bare"), "no such snapshot"),
    (("verify-receipt", "absent"), "absent cannot be used"),
    (("verify-receipt", "empty"), "This receipt does not hold"),
    (("verify-receipt", "bytes"), "it is not text"),
    (("verify-log", "--witness", "bare"), "bare holds no checkpoints"),
    (("verify-log", "--witness", "bytes"), "bytes holds no checkpoints"),
]


@pytest.fixture(scope="module")
def desk(settled: Terminal) -> Terminal:
    (settled.folder / "empty").touch()
    (settled.folder / "bytes").write_bytes(b"\xff\xfe\x00")
    (settled.folder / "bare").mkdir()
    (settled.folder / "double").mkdir()
    (settled.folder / "double" / "empty").touch()
    return settled


@pytest.mark.parametrize(("arguments", "sentence"), REFUSED, ids=[" ".join(one) for one, _ in REFUSED])
def test_refused_in_one_sentence(desk: Terminal, arguments: tuple[str, ...], sentence: str) -> None:
    assert sentence in desk.refusal(*arguments)


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"MUNIMENT_HOME": "/dev/null/home"}, "/dev/null/home cannot be used (Not a directory)"),
        ({"MUNIMENT_KEYS": "/dev/null/keys"}, "/dev/null/keys cannot be used (Not a directory)"),
        ({"MUNIMENT_PORT": "http"}, "MUNIMENT_PORT is 'http'"),
    ],
)
def test_a_home_that_cannot_be(fresh: Terminal, environment: dict[str, str], sentence: str) -> None:
    assert sentence in fresh.refusal("agent", "list", **environment)


def test_root_key_of_another_installation(settled: Terminal, fresh: Terminal) -> None:
    fresh.run("agent", "list")
    shutil.copy(settled.keys / "root.key", fresh.keys / "root.key")
    assert "belongs to another installation" in fresh.refusal("agent", "list")


def test_data_of_another_installation(settled: Terminal, fresh: Terminal) -> None:
    fresh.run("agent", "list")
    shutil.copy(settled.home / "control.db", fresh.home / "control.db")
    assert "does not open under its key" in fresh.refusal("agent", "list")


def test_keys_gone(fresh: Terminal) -> None:
    fresh.run("agent", "list")
    shutil.rmtree(fresh.keys)
    assert "There is data in" in fresh.refusal("agent", "list")


def test_root_key_readable_by_others(fresh: Terminal) -> None:
    fresh.run("agent", "list")
    (fresh.keys / "root.key").chmod(0o644)
    assert "can be read by others" in fresh.refusal("agent", "list")


def test_unknown_words_are_exit_code_2(settled: Terminal) -> None:
    for arguments in (["conquer"], ["ask", "Archive"], ["agent", "list", "--all"]):
        code, said, complained = settled.attempt(*arguments)
        assert (code, said) == (2, "")
        assert "Error: " in complained
