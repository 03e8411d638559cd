"""A running server with an agent, and keys to it: for clients that are no part of us."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.installed import copied
from tests.journeys.server import Server, running
from tests.long.command_line import Installation


@dataclass(frozen=True)
class Served:
    """`agent` answers from a text about a herbarium. `key` may do all, `asking` only ask that agent."""

    server: Server
    agent: str
    key: str
    asking: str


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, started_before: Installation) -> Iterator[Served]:
    folder = copied(started_before, tmp_path_factory.mktemp("served"))
    file = folder / "herbarium.md"
    file.write_text(
        "# Rooms\n\nThe herbarium is open to visitors on Mondays from nine to noon.\n\n"
        "# Loans\n\nSpecimens are lent for six months. A loan can be extended once.\n"
    )
    with running(folder, MUNIMENT_API_RATE="100000") as server:
        agent = server.run("agent", "create", "Herbarium", "--json")["id"]
        server.run("ingest", agent, str(file), "--wait")
        key = server.run("key", "create", "--name", "All", "--permission", "all", "--json")["key"]
        ask = ("--permission", "agent:conversation:create", "--agent", agent, "--json")
        yield Served(server, agent, key, server.run("key", "create", "--name", "Asks", *ask)["key"])
