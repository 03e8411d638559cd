"""Attacker: a member, a bad line, or who reads the server's disk. Moves: an upload that breaks off, is larger than
allowed, says so or does not, comes twice at once; reading the disk while it arrives. Guarantee: G-31."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.installed import copied
from tests.journeys.server import Server, running
from tests.journeys.visitor import WAIT, Sending, Visitor, claimed
from tests.long.command_line import Installation

pytestmark = pytest.mark.usefixtures("loopback")
LIMIT = 2**20  # bytes
Kept = Callable[[], list[Path]]
CANARY = b"the heron stands in the reeds at dusk "


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, started_before: Installation) -> Iterator[Server]:
    folder = copied(started_before, tmp_path_factory.mktemp("served"))
    (folder / "temp").mkdir()
    with running(folder, MUNIMENT_UPLOAD_LIMIT="1", TMPDIR=str(folder / "temp")) as ready:
        yield ready


@pytest.fixture(scope="module")
def alice(server: Server) -> Visitor:
    return claimed(server)


@pytest.fixture
def agent(alice: Visitor) -> str:
    """The address of a new agent."""
    return alice.post("/agents/new", [("name", "Charter")]).headers["location"].removesuffix("/knowledge")


@pytest.fixture
def upload(alice: Visitor, agent: str) -> Iterator[Callable[..., Sending]]:
    """Begins to send a file, signed in, with the token."""
    token = alice.token(f"{agent}/knowledge")
    begun: list[Sending] = []

    def begin(**headers: str) -> Sending:
        named = {"Content_Type": "application/octet-stream", "X_CSRFToken": token, "Accept": "application/json"}
        begun.append(alice.begin("POST", f"{agent}/documents", **named | {"X_Document_Name": "a.txt"} | headers))
        return begun[-1]

    yield begin
    for sending in begun:
        sending.cut()


@pytest.fixture
def kept(server: Server, alice: Visitor, agent: str) -> Callable[[], list[Path]]:
    """The files, whole or in the making, that the server keeps of this agent."""
    (silo,) = re.findall(r'<dt>Key</dt><dd><span class="mono">(\w{26})<', alice.get(f"{agent}/safety").text)
    return lambda: list((server.home / "originals" / silo).glob("*"))


def until(what: Callable[[], bool]) -> None:
    """Asks until it is so; that it does not become so in two minutes is the failure."""
    end = time.monotonic() + WAIT
    while not what():
        assert time.monotonic() < end
        time.sleep(0.02)


def holding(folder: Path, words: bytes) -> list[Path]:
    """The files that hold these words; one that goes while we look is not there."""
    found = []
    for path in (path for path in folder.rglob("*") if path.is_file()):
        with suppress(FileNotFoundError):
            if words in path.read_bytes():
                found.append(path)
    return found


def count(alice: Visitor, agent: str) -> int:
    return len(re.findall(r'name="document" value="\w+" id="choose-', alice.get(f"{agent}/knowledge").text))


def test_cut_off_at_nine_tenths_nothing_is_kept(
    alice: Visitor, agent: str, upload: Callable[..., Sending], kept: Kept
) -> None:
    sending = upload(Content_Length="1000000")
    sending.send(CANARY * (900_000 // len(CANARY)))
    until(lambda: len(kept()) == 1)  # it is being written
    sending.cut()
    until(lambda: not kept())
    assert count(alice, agent) == 0
    whole = upload(Content_Length="7")
    whole.send(b"arrived")
    assert whole.answer().status == 201
    assert (len(kept()), count(alice, agent)) == (1, 1)


def test_what_says_it_is_too_large_is_refused_before_it_is_sent(
    alice: Visitor, agent: str, upload: Callable[..., Sending], kept: Kept
) -> None:
    answer = upload(Content_Length=str(LIMIT + 1)).answer()
    assert answer.status == 413
    assert answer.json()["sentence"] == "This file is larger than 1 MB. Split it, or ask the operator."
    assert (kept(), count(alice, agent)) == ([], 0)


def test_what_does_not_say_how_large_it_is_is_counted(
    alice: Visitor, agent: str, upload: Callable[..., Sending], kept: Kept
) -> None:
    sending = upload(Transfer_Encoding="chunked")
    for _ in range(17):
        sending.send(b"10000\r\n" + bytes(2**16) + b"\r\n")  # 64 KiB each
    sending.send(b"0\r\n\r\n")
    assert sending.answer().status == 413
    assert (kept(), count(alice, agent)) == ([], 0)


def test_the_same_file_twice_at_once_is_one_document(
    alice: Visitor, agent: str, upload: Callable[..., Sending], kept: Kept
) -> None:
    both = [upload(Content_Length="300001") for _ in range(2)]
    for sending in both:
        sending.send(b"x" * 300_000)
    until(lambda: len(kept()) == 2)  # both are under way
    for sending in both:
        sending.send(b"!")
    answers = [sending.answer() for sending in both]
    assert sorted(answer.status for answer in answers) == [200, 201]
    assert len({answer.json()["document"] for answer in answers}) == 1
    assert (len(kept()), count(alice, agent)) == (1, 1)


def test_while_it_arrives_no_word_of_it_is_on_the_disk(
    server: Server, upload: Callable[..., Sending], kept: Kept
) -> None:
    content = CANARY * (900_000 // len(CANARY))
    sending = upload(Content_Length=str(len(content)))
    sending.send(content[:-1])
    until(lambda: sum(path.stat().st_size for path in kept()) > 100_000)  # much of it is there, sealed
    assert holding(server.folder, CANARY) == []
    control = server.folder / "temp" / "control"
    control.write_bytes(content)
    assert holding(server.folder, CANARY) == [control]
    control.unlink()
    sending.send(content[-1:])
    assert sending.answer().status == 201


def test_a_form_larger_than_a_form_may_be_is_refused_in_words(alice: Visitor, agent: str) -> None:
    kind = "multipart/form-data; boundary=x"
    answer = alice.begin("POST", f"{agent}/documents", Content_Type=kind, Content_Length=str(11 * LIMIT)).answer()
    assert answer.status == 413
    assert "Nothing was kept." in answer.text
    assert count(alice, agent) == 0
