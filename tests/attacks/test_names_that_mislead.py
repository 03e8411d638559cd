"""Attacker: somebody who uploads. Move: a name that is a path, that hides its ending or its direction, that no folder
can hold. A name is shown, never used as a path. Guarantee: G-62."""

from pathlib import Path

import pytest
from django.conf import settings

from muniment.agents.services import create_agent
from muniment.ingest.documents import NAME_LENGTH, display_name
from muniment.ingest.selectors import documents
from muniment.ingest.services import add_document
from tests.cast import Person

TRICKS = {
    "../../../etc/passwd": "etc/passwd",
    "/etc/passwd": "etc/passwd",
    "..\\..\\windows\\win.ini": "windows/win.ini",
    "a/./../b.txt": "a/b.txt",
    "report\x00.pdf": "report.pdf",
    "invoice\u202egpj.exe": "invoicegpj.exe",
    "zero\u200bwidth.txt": "zerowidth.txt",
    "line\nbreak.txt": "linebreak.txt",
    "..": "document",
    "": "document",
}


@pytest.mark.parametrize("name", TRICKS)
def test_a_trick_is_taken_out(name: str) -> None:
    assert display_name(name) == TRICKS[name]


@pytest.mark.parametrize("letter", ["ü", "文", "𐍈", "e\u0301"])
def test_a_long_name_is_cut_and_keeps_its_ending(letter: str) -> None:
    name = display_name(letter * 300 + ".pdf")
    assert len(name) <= NAME_LENGTH
    assert name.endswith("….pdf")


@pytest.mark.django_db(transaction=True)
def test_no_name_becomes_a_path(alice: Person, tmp_path: Path) -> None:
    agent = create_agent(actor=alice.actor, name="Names")
    victim = tmp_path / "victim.txt"
    names = [str(victim), f"../../../..{victim}", "文" * 300 + ".txt", *TRICKS]
    for number, name in enumerate(names):
        add_document(actor=alice.actor, agent=agent, name=name, source=[f"Text {number}.".encode()])
    assert not victim.exists()
    stored = [path.name for path in (Path(settings.MUNIMENT_HOME) / "originals").rglob("*") if path.is_file()]
    assert {document.id for document in documents(alice.actor, agent)} <= set(stored)
    assert not any("passwd" in name or "文" in name for name in stored)
