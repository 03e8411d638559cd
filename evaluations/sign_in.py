"""A storm of sign-ins: what it takes of memory, how long each waits, and how long the pages of others take meanwhile.

python -m evaluations.sign_in
python -m evaluations.sign_in people COUNT     makes accounts in the installation that is there

Each person comes from an address of its own, behind a declared proxy, so that only what they do together is measured.
Takes about 3 minutes.
"""

import multiprocessing
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from evaluations import runs
from tests.journeys.server import Server, running
from tests.journeys.visitor import PASSWORD, Sending, Visitor, claimed

PEOPLE = 200
PAUSE = 0.2  # seconds between two looks at memory, and between two pages of the one who is signed in already
WAIT = 120  # seconds that all may take to arrive
CLAIM = "10.1.0.1"


@dataclass
class Guest(Visitor):
    """A visitor whose address the proxy tells."""

    address: str = CLAIM

    def begin(self, method: str, path: str, **headers: str) -> Sending:
        told = {"X_Forwarded_For": self.address, "X_Forwarded_Proto": "http"}
        return super().begin(method, path, **told, **headers)


def people(count: int) -> None:
    import django

    django.setup()
    from django.contrib.auth.hashers import make_password

    from muniment.accounts import services
    from muniment.core.actors import SYSTEM
    from muniment.teams.selectors import operator_actor
    from muniment.teams.services import add_member, first_team
    from muniment.teams.types import Role

    team = first_team(actor=operator_actor(None))
    hashed = make_password(PASSWORD)  # once: each check of it costs as much as of one's own
    services.hashed = lambda _password, _user: hashed  # type: ignore[attr-defined]
    for number in range(count):
        made = services.create_user(actor=SYSTEM, email=f"person{number}@example.org", password=PASSWORD)
        add_member(actor=operator_actor(team.pk), team=team, user=made, role=Role.MEMBER)


def sign_in(server: Server, number: int, start: threading.Barrier, waited: list[float], statuses: list[int]) -> None:
    guest = Guest(server, address=f"10.2.{number // 250}.{number % 250 + 1}")
    guest.get("/sign-in")
    start.wait(WAIT)
    begun = time.perf_counter()
    typed = {"email": f"person{number}@example.org", "password": PASSWORD}
    statuses.append(guest.post("/sign-in", typed.items()).status)
    waited.append(time.perf_counter() - begun)


@contextmanager
def watched(act: Callable[[], float]) -> Iterator[list[float]]:
    """Calls `act` again and again beside the block, in a process of its own: two hundred threads of this one would hold
    up what is measured. The numbers it gave are there after the block.
    """
    context = multiprocessing.get_context("fork")
    done, found = context.Event(), context.SimpleQueue()

    def watch() -> None:
        numbers = []
        while not done.wait(PAUSE):
            numbers.append(act())
        found.put(numbers)

    process = context.Process(target=watch)
    process.start()
    numbers: list[float] = []
    try:
        yield numbers
    finally:
        done.set()
        numbers += found.get()
        process.join()


@dataclass
class Memory:
    """MiB of the server with its children; shared pages once (proportional set size)."""

    root: psutil.Process

    def __call__(self) -> float:
        family = [self.root, *self.root.children(recursive=True)]
        return float(sum(process.memory_full_info().pss for process in family) / 2**20)


@dataclass
class Page:
    """Seconds that a page takes one who is signed in."""

    owner: Visitor

    def __call__(self) -> float:
        begun = time.perf_counter()
        assert self.owner.get("/agents").status == 200
        return time.perf_counter() - begun


def storm(server: Server, owner: Visitor) -> tuple[list[float], list[float], list[float], list[int]]:
    (root,) = (one for one in psutil.Process().children() if "serve" in one.cmdline())
    start, waited, statuses = threading.Barrier(PEOPLE), list[float](), list[int]()
    threads = [
        threading.Thread(target=sign_in, args=(server, number, start, waited, statuses)) for number in range(PEOPLE)
    ]
    with watched(Memory(root)) as memory, watched(Page(owner)) as pages:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return memory, pages, waited, statuses


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, running(Path(folder), MUNIMENT_TRUSTED_PROXY="127.0.0.1") as server:
        owner = claimed(server, Guest)
        command = [sys.executable, "-m", "evaluations.sign_in", "people", str(PEOPLE)]
        environment = {**os.environ, **server.environment, "DJANGO_SETTINGS_MODULE": "muniment.settings"}
        subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
        memory, pages, waited, statuses = storm(server, owner)
    opened = statuses.count(302)
    print(runs.row(f"{PEOPLE} sign-ins at once", "found", "asked for"))
    print(runs.row("---", "---", "---"))
    print(runs.row("sessions opened", f"{opened} of {PEOPLE}; the others are told to try again", ""))
    print(runs.row("memory of server, worker and detector at most, MiB", f"{max(memory):.0f}", "≤ 1331"))
    print(runs.row("another person's page meanwhile, slowest, s", f"{max(pages):.2f}", "≤ 1"))
    print(runs.row("a sign-in, s", runs.spread(waited), ""))


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["people", count]:
            people(int(count))
        case _:
            main()
