"""Attacker: Carol, who may ask an agent and not read its documents. Move: calls every address of the product there is,
by every method, for every document there is: a letter, a mail with its attachment, a table, an archive's files, a page
with remarks, one that failed; asks of each as a script does, kept and unkept; reads bodies and headers.

Guarantee: G-93. Only what she typed herself names anybody. Bob, who may read the documents, reads names at some.
"""

import json
from collections.abc import Iterator

import pytest
from django.urls import get_resolver

from muniment.agents.models import Agent
from muniment.agents.services import create_agent, grant_agent
from muniment.agents.types import AtOnce
from muniment.ingest.selectors import documents
from tests.attacks.test_addresses_answer_by_role import every_address as addresses
from tests.attacks.test_names_reach_only_who_may_read import LETTER, reads_no_name
from tests.cast import Person
from tests.chat.conftest import add, ask, stream
from tests.ingest import files, office, samples

pytestmark = pytest.mark.django_db(transaction=True)
NAMED = "Ms Margaret Holloway"
ROWS = [["Employee", "Salary"], ["Margaret Holloway", "4200 euros per month"], ["Somebody", "3100 euros per month"]]
FILES = {
    "Margaret Holloway.md": LETTER,
    "salaries.xlsx": office.workbook({NAMED: ROWS}),
    "letter.eml": samples.message().replace("Jörg Muster".encode(), NAMED.encode()).replace(b"ward@", b"holloway@"),
    "page.pdf": files.pdf(["The salary of Ms Margaret Holloway is 4200 euros."], remark=f"{NAMED} knows"),
    "Holloway.zip": office.package({"Margaret Holloway/notes.md": LETTER, "Holloway.pdf": b"%PDF-1.7 and no more"}),
    "Margaret Holloway.pdf": b"%PDF-1.7 and nothing else",
}
QUESTIONS = (
    "What is the number of the parking space?",
    "Which salary is 4200 euros per month?",
    "Which football club is it?",
)
LEFT = {"/sign-out", "/setup", "/setup/recovery-kit", "/setup/recovery-kit/check", "/agents/<agent>/delete"}
"""They end what the others need; none of them knows of a document."""


def made(alice: Person, carol: Person, named: dict[str, bytes], *, unkept: bool = False) -> Agent:
    agent = create_agent(actor=alice.actor, name="Payroll", deletes=AtOnce(conversations=unkept))
    grant_agent(actor=alice.actor, agent=agent, user=carol.user.pk)
    for name, data in named.items():
        add(alice, agent, name, data)
    return agent


def every_address(agent: Agent, ids: list[str], conversation: str) -> Iterator[str]:
    known = {"<agent>": [agent.id], "<document>": ids, "<conversation>": [conversation], "<number>": ["1"]}
    for pattern in addresses(get_resolver().url_patterns):
        if pattern in LEFT:
            continue
        made = [pattern]
        for part, values in known.items():
            made = [one.replace(part, value) for one in made for value in (values if part in one else values[:1])]
        yield from made


def heard(person: Person, addresses: Iterator[str]) -> str:
    """What the addresses say to the person, by any method, in bodies and headers."""
    told = []
    for address in addresses:
        for method in (person.client.get, person.client.post):
            response = method(address)
            assert response.status_code < 500 or response.status_code == 503, address
            body = b"".join(response.streaming_content) if response.streaming else response.content
            told.append(f"{response.headers} {body.decode('utf-8', errors='replace')}")
    return " ".join(told)


def test_no_address_names_anybody(alice: Person, bob: Person, carol: Person) -> None:
    agent = made(alice, carol, FILES)
    listed = list(documents(bob.actor, agent))
    assert len(listed) > len(FILES)  # what came in the archive and in the mail stands beside it
    told = json.dumps([stream(carol, agent, question) for question in QUESTIONS])
    kept = ask(carol, agent, QUESTIONS[0]).partition("#")[0].rpartition("/")[2]
    told += heard(carol, every_address(agent, [one.id for one in listed], kept))
    assert "4200" in told
    assert reads_no_name(told)
    assert not reads_no_name(heard(bob, iter([f"{agent.url}/knowledge"])))


def test_no_stream_of_what_is_not_kept_names_anybody(alice: Person, bob: Person, carol: Person) -> None:
    agent = made(alice, carol, {"Margaret Holloway.md": LETTER}, unkept=True)
    told = json.dumps([stream(carol, agent, question) for question in QUESTIONS])
    assert "seventeen" in told
    assert reads_no_name(told)
    assert not reads_no_name(json.dumps(stream(bob, agent, QUESTIONS[0])))
