"""Attacker: a member, or whoever puts a file into a folder. Moves: names that hold what nobody sees: codes that command
the terminal of the operator who lists them, marks that turn the direction of writing, bytes that are no text.
Guarantee: G-38."""

import os
from pathlib import Path

import pytest

from muniment.accounts.services import rename_user
from muniment.agents.errors import AgentNameError
from muniment.agents.services import create_agent, update_agent
from muniment.core.actors import SYSTEM
from muniment.teams.services import create_team
from tests.cast import Person
from tests.cli.conftest import fresh  # noqa: F401 - a fixture
from tests.cli.terminal import Terminal

TRICK = "\x1b]0;Archive\x07\u202e \u200b\x00Moor\u2066"
SEEN = "]0;Archive Moor"


def test_nothing_invisible_is_in_a_name(alice: Person) -> None:
    agent = create_agent(actor=alice.actor, name=TRICK)
    assert agent.name == SEEN
    assert update_agent(actor=alice.actor, agent=agent, name=f"{TRICK} \u0645\u06cc\u200c\u0634\u0648\u062f").name == (
        f"{SEEN} \u0645\u06cc\u200c\u0634\u0648\u062f"  # Persian needs its joiner
    )
    rename_user(actor=alice.actor, user=alice.user, name=TRICK)
    assert alice.user.name == SEEN
    assert create_team(actor=SYSTEM, name=TRICK, owner=alice.user).name == SEEN


def test_a_name_that_nobody_can_see_is_none(alice: Person) -> None:
    with pytest.raises(AgentNameError):
        create_agent(actor=alice.actor, name="\u200b\u2060\x1b")
    assert create_agent(actor=alice.actor, name="\u200bA").name == "A"


def test_file_names_do_not_command_the_terminal(fresh: Terminal) -> None:  # noqa: F811
    """Also names that are no UTF-8, which a disk may hold: they are taken in and told."""
    folder = fresh.folder / "files"
    folder.mkdir()
    for number, name in enumerate((b"\x1b[2Jcleared.txt", b"caf\xe9.txt")):
        Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_text(f"The herbarium is open on day {number}.")
    agent = fresh.run("agent", "create", "Archive").strip()
    said = fresh.run("ingest", agent, str(folder))
    assert "[2Jcleared.txt" in said
    assert "\x1b" not in said
    given = fresh.json("ingest", agent, str(folder))["documents"]
    assert sorted(one["duplicate"] for one in given) == [True, True]
    assert "\x1b" not in fresh.refusal("ask", "\x1b[2J", "What?")
    assert "\x1b" not in fresh.refusal("ingest", agent, str(folder / "\x1b[2J"))
