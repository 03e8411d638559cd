"""Attacker: a chat-only member, another team, whoever reads the server's logs; and an owner who is careless.

Move: asks every address of masking for the words of its rules and of a text that was pasted; looks for them in the log,
in the home and in every record of the silo; puts markup into rules and names; writes a pattern that never ends.

Guarantee: G-100, G-102. The words of rules are read by who may change the agent alone; a pasted text is kept nowhere.
"""

import logging
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from muniment.agents.models import Agent
from muniment.agents.services import create_agent, grant_agent, open_silo
from muniment.agents.types import MaskingMode, MaskingRules
from muniment.core.permissions import Permission
from muniment.ingest.services import add_document, change_masking
from muniment.jobs.services import run_due
from muniment.pii.types import Selection
from muniment.silo.types import Table
from tests.at_rest import files_with
from tests.cast import Person

pytestmark = pytest.mark.django_db(transaction=True)
SECRET, PASTED, EVIL = "Zanzibarquartz", "Lanternfish", "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
RULES = MaskingRules(MaskingMode.STAND_INS, Selection(terms=(SECRET,)))


@pytest.fixture
def agent(alice: Person) -> Agent:
    made = create_agent(actor=alice.actor, name="Museum")
    add_document(actor=alice.actor, agent=made, name=f"{EVIL}.txt", source=[f"Dear Dr. Holloway {EVIL},".encode()])
    change_masking(actor=alice.actor, agent=made, rules=RULES)
    run_due()
    return made


def addresses(agent: Agent) -> list[str]:
    return [f"{agent.url}/{tab}" for tab in ("safety", "safety/masking", "safety/masking/try", "knowledge", "")]


def send(person: Person, address: str, **fields: Any) -> tuple[int, str]:
    answer = person.client.post(address, fields)
    return answer.status_code, answer.content.decode()


@pytest.mark.parametrize("who", ["carol", "mallory"])
def test_nobody_else_is_told_a_word_or_changes_one(
    alice: Person, agent: Agent, who: str, request: pytest.FixtureRequest
) -> None:
    person: Person = request.getfixturevalue(who)
    if who == "carol":
        grant_agent(actor=alice.actor, agent=agent, user=person.user.pk)
    expected = {"carol": 403, "mallory": 404}[who]
    for address in addresses(agent):
        assert SECRET not in person.client.get(address).content.decode()
    masking = f"{agent.url}/safety/masking"
    for fields in ({"act": "save", "mode": "off"}, {"act": "apply"}, {"act": "save", "mode": "off", "seen": "off"}):
        assert send(person, masking, **fields)[0] == expected
    for fields in ({"text": PASTED}, {"missed": "ward", "kind": "person"}, {"wrong": SECRET}, {"withdrawn": SECRET}):
        assert send(person, f"{masking}/try", **fields)[0] == expected
    assert SECRET in alice.client.get(masking).content.decode()  # and it is still there for its owner


def test_a_colleague_who_may_change_the_agent_is_told(bob: Person, agent: Agent) -> None:
    assert SECRET in bob.client.get(f"{agent.url}/safety/masking").content.decode()


def test_a_pasted_text_is_kept_nowhere(alice: Person, agent: Agent, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = alice.client.post(f"{agent.url}/safety/masking/try", {"text": f"Dear Dr. {PASTED},"})
        alice.client.post(f"{agent.url}/safety/masking/try", {"text": "x" * 7_000 + PASTED})
    assert PASTED in answer.content.decode()
    assert answer.headers["Cache-Control"] == "no-store"
    assert PASTED not in caplog.text
    assert _found_in(alice, agent, PASTED) == []
    alice.client.post(f"{agent.url}/safety/masking/try", {"text": PASTED, "missed": PASTED, "kind": "person"})
    assert _found_in(alice, agent, PASTED) == [Table.RULE]  # sealed, since it was said to be one
    assert PASTED not in caplog.text


def _found_in(alice: Person, agent: Agent, word: str) -> list[str]:
    """Files of the home in which it stands in clear, and tables of the silo in which it stands sealed."""
    found = [path.name for path in files_with(Path(settings.MUNIMENT_HOME), word)]
    silo = open_silo(actor=alice.actor, agent=agent, permission=Permission.AGENT_UPDATE)
    with silo.reading() as reader:
        records = {table: [one.content for one in reader.records(table)] for table in Table}
    return [*found, *(table for table, some in records.items() if any(word.encode() in content for content in some))]


def test_words_of_rules_texts_and_names_become_no_markup(alice: Person, agent: Agent) -> None:
    where = f"{agent.url}/safety/masking"
    pages = [
        send(alice, f"{where}/try", text=f"Dear Dr. Holloway {EVIL}", missed=f"ward {EVIL}", kind="person")[1],
        send(alice, f"{where}/try", text=EVIL, wrong=f"room {EVIL}")[1],
        send(alice, where, act="save", mode="mask", classes=["person"], terms=f"hall {EVIL}", contacts=f"desk {EVIL}")[
            1
        ],
        send(alice, where, act="save", mode="mask", patterns=f"{EVIL}(")[1],
        alice.client.get(f"{where}/try").content.decode(),
        alice.client.get(f"{agent.url}/knowledge").content.decode(),
    ]
    for page in pages:
        assert "alert(1)" in page
        tags = re.findall(r"<(?:img|script)[^>]*>", page)
        assert not any("alert" in tag or "onerror" in tag or "src=x" in tag for tag in tags)


@pytest.mark.parametrize("pattern", ["(a+)+$", "(.*)*x", "((a|a)*)*b"])
def test_a_pattern_that_never_ends_elsewhere_ends_here(alice: Person, agent: Agent, pattern: str) -> None:
    """Backtracking over 5,000 letters would take longer than the universe is old."""
    where = f"{agent.url}/safety/masking"
    page = send(alice, where, act="save", mode="stand_ins", classes=["custom"], patterns=pattern)[1]
    seen = re.search(r'name="seen" value="(\w+)"', page)
    assert seen
    fields = {"act": "save", "mode": "stand_ins", "classes": ["custom"], "patterns": pattern}
    assert send(alice, where, **fields, seen=seen[1])[0] == 302
    status, page = send(alice, f"{where}/try", text="a" * 5_000 + "!")
    assert status == 200


def test_more_rules_than_a_detector_can_bear_are_refused(alice: Person, agent: Agent) -> None:
    where = f"{agent.url}/safety/masking"
    for fields in (
        {"terms": "\n".join(f"word {number}" for number in range(501))},
        {"patterns": "\n".join(f"pattern{number}" for number in range(101))},
        {"contacts": "x" * 201},
    ):
        status, page = send(alice, where, act="save", mode="off", **fields, seen="off")
        assert status == 422
        assert "There may be" in page or "longer than 200" in page


def test_a_document_of_another_agent_is_not_looked_at(alice: Person, agent: Agent, mallory: Person) -> None:
    theirs = create_agent(actor=mallory.actor, name="Theirs")
    document = add_document(actor=mallory.actor, agent=theirs, name="a.txt", source=[b"Dear Dr. Holloway,"]).document
    run_due()
    assert send(alice, f"{agent.url}/safety/masking/try", document=document)[0] == 404
    assert send(mallory, f"{theirs.url}/safety/masking/try", document=document)[0] == 200
