"""The pages of masking in the browser: what a change takes is seen before it is made; a text is tried and corrected."""

import re
from typing import Any

import pytest

from muniment.agents.models import Agent
from muniment.agents.selectors import masking_rules, masking_wanted
from muniment.agents.services import create_agent, grant_agent, open_silo
from muniment.agents.types import MaskingMode, MaskingRules
from muniment.core.permissions import Permission
from muniment.ingest.masked import masked_sums, masking_state
from muniment.ingest.services import add_document
from muniment.ingest.trying import LOOKED_AT
from muniment.jobs.services import run_due
from muniment.pii.types import GERMAN_NAMES_FOUND, PROMISED, PiiClass
from tests.cast import Person

pytestmark = pytest.mark.django_db(transaction=True)
LETTER = "Dear Dr. Margaret Holloway,\n\nproject Nightjar begins. Holloway's room is Amber Court.\n"
ALL = {"mode": "stand_ins", "classes": [kind.value for kind in PROMISED], "act": "save"}


@pytest.fixture
def agent(alice: Person) -> Agent:
    made = create_agent(actor=alice.actor, name="Museum")
    add_document(actor=alice.actor, agent=made, name="letter.txt", source=[LETTER.encode()])
    run_due()
    return made


def address(agent: Agent) -> str:
    return f"{agent.url}/safety/masking"


def get(person: Person, where: str, **headers: str) -> str:
    answer = person.client.get(where, headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def post(person: Person, where: str, status: int = 200, **fields: Any) -> str:
    answer = person.client.post(where, fields)
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode()


def rules_of(person: Person, agent: Agent) -> tuple[MaskingRules, MaskingRules]:
    silo = open_silo(actor=person.actor, agent=agent, permission=Permission.AGENT_UPDATE)
    return masking_rules(person.actor, agent, silo), masking_wanted(person.actor, agent, silo)


def hidden(page: str) -> dict[str, Any]:
    """The form that is sent on, as a browser reads it."""
    found: dict[str, Any] = {}
    form = page[page.index('name="seen"') - 6_000 :]
    for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form):
        found.setdefault(name, []).append(value)
    return {name: values for name, values in found.items() if name != "csrfmiddlewaretoken"}


def test_the_page_shows_what_holds(alice: Person, agent: Agent) -> None:
    page = get(alice, address(agent))
    assert re.search(r'value="stand_ins" checked', page)
    assert re.search(r'value="person" checked', page)
    assert re.search(r'value="organisation">', page)
    assert f"Of names in German text about {GERMAN_NAMES_FOUND} of 100 are found" in page


def test_a_change_is_seen_with_what_it_takes_and_then_made(alice: Person, agent: Agent) -> None:
    page = post(alice, address(agent), **ALL, terms="Nightjar\r\n\r\n  Kestrel ", contacts="desk@museum.example")
    assert "1 document is masked anew" in page
    assert re.search(r"1\d words, 1 piece of the index", page)
    assert "less than a minute" in page
    assert "Nothing has been changed yet." in page
    assert rules_of(alice, agent)[0] == MaskingRules(MaskingMode.STAND_INS)
    sent = hidden(page) | {"act": "save"}
    post(alice, address(agent), 302, **sent)
    now = rules_of(alice, agent)[0].selection
    assert (now.terms, now.contacts) == (("Nightjar", "Kestrel"), ("desk@museum.example",))
    assert "1 document is masked anew; you may leave this page." in get(alice, address(agent))
    assert "Masked anew: 0 of 1 documents" in get(alice, f"{agent.url}/safety")
    assert "Masked anew: 0 of 1 documents" in get(alice, f"{agent.url}/knowledge")
    part = get(alice, address(agent), **{"HX-Request": "true"})
    assert "<html" not in part
    assert 'hx-trigger="every 2s"' in part
    run_due()
    part = get(alice, address(agent), **{"HX-Request": "true"})
    assert "hx-trigger" not in part
    assert "Done: the documents are masked by your rules." in part
    assert masked_sums(alice.actor, agent).items == {PiiClass.PERSON: 2, PiiClass.CUSTOM: 1}


def test_what_was_seen_is_what_is_done(alice: Person, agent: Agent) -> None:
    """Somebody else's change came between: it is shown anew, and nothing is done."""
    sent = hidden(post(alice, address(agent), **ALL, terms="Nightjar")) | {"act": "save", "terms": "Kestrel"}
    assert "Nothing has been changed yet." in post(alice, address(agent), **sent)
    assert rules_of(alice, agent)[0] == MaskingRules(MaskingMode.STAND_INS)


def test_one_may_go_back_with_what_was_typed(alice: Person, agent: Agent) -> None:
    sent = hidden(post(alice, address(agent), **ALL | {"mode": "mask"}, terms="Nightjar")) | {"act": "edit"}
    page = post(alice, address(agent), **sent)
    assert re.search(r'value="mask" checked', page)
    assert re.search(r"<textarea[^>]*>\s*Nightjar</textarea>", page)


def test_an_agent_without_documents_is_changed_at_once(alice: Person) -> None:
    empty = create_agent(actor=alice.actor, name="Empty")
    post(alice, address(empty), 302, **ALL | {"mode": "off"})
    assert rules_of(alice, empty)[0].mode is MaskingMode.OFF


def test_a_pattern_that_cannot_be_used_is_named_by_its_line(alice: Person, agent: Agent) -> None:
    page = post(alice, address(agent), 422, **ALL, patterns="KD-\\d{4}\n\n(?<=a)b\n")
    assert "Line 3: This pattern cannot be used" in page
    assert "KD-\\d{4}" in page
    assert rules_of(alice, agent)[0] == MaskingRules(MaskingMode.STAND_INS)


def test_mask_says_what_cannot_be_undone(alice: Person, agent: Agent) -> None:
    page = post(alice, address(agent), **ALL | {"mode": "mask"})
    assert "Masked words are removed from the text that is kept." in page


def test_who_may_not_change_it_sees_facts_without_a_word(alice: Person, carol: Person, agent: Agent) -> None:
    grant_agent(actor=alice.actor, agent=agent, user=carol.user.pk)
    post(alice, f"{address(agent)}/try", text="Nightjar", missed="Nightjar", kind="custom")
    post(alice, address(agent), act="apply")
    page = get(carol, address(agent))
    assert "Whoever may read the documents" in page
    assert "Names of people: 2" in page
    for word in ("Nightjar", "Holloway", "<textarea", "Save"):
        assert word not in page
    assert "Names of people: 2" in get(carol, f"{agent.url}/safety")


def found(page: str) -> list[tuple[str, str]]:
    return re.findall(r"<mark>([^<]*)</mark><small>([^:<]*):", page)


def test_a_text_is_shown_with_what_is_found(alice: Person, agent: Agent) -> None:
    page = post(alice, f"{address(agent)}/try", text=LETTER)
    assert ("Margaret Holloway", "Names of people") in found(page)
    assert "Names of people: 2" in page
    row = re.search(r'<tr id="find-1">.*?</tr>', page, re.DOTALL)
    assert row is not None
    assert "Margaret Holloway is not personal data" in row[0]


def test_a_missed_word_becomes_a_rule_and_holds_once_applied(alice: Person, agent: Agent) -> None:
    where = f"{address(agent)}/try"
    page = post(alice, where, text=LETTER, missed="Amber Court", kind="place")
    assert ("Amber Court", "Places") in found(page)
    assert "Waits to be applied" in page
    now, wanted = rules_of(alice, agent)
    assert now.selection.listed == ()
    assert wanted.selection.listed == (("Amber Court", PiiClass.PLACE),)
    assert "Corrections wait to be applied" in get(alice, address(agent))
    page = post(alice, address(agent), act="apply")
    assert "1 document is masked anew" in page
    post(alice, address(agent), 302, act="apply", seen=hidden(page)["seen"][0])
    run_due()
    assert masked_sums(alice.actor, agent).items == {PiiClass.PERSON: 2, PiiClass.PLACE: 1}
    assert "Waits to be applied" not in get(alice, where)
    assert not masking_state(alice.actor, agent).is_corrected


def test_a_wrong_find_becomes_a_rule_and_can_be_taken_back(alice: Person, agent: Agent) -> None:
    where = f"{address(agent)}/try"
    page = post(alice, where, text=LETTER, wrong="Margaret Holloway")
    assert "Margaret Holloway" not in dict(found(page))
    assert "Never masked" in page
    page = post(alice, where, text=LETTER, withdrawn="Margaret Holloway")
    assert "Margaret Holloway" in dict(found(page))
    assert "No corrections yet" in page


def test_a_document_is_looked_at_part_by_part(alice: Person, agent: Agent) -> None:
    long = "".join(f"Paragraph {number}. It was seen by Dr. Amara Okafor.\n" for number in range(300))
    document = add_document(actor=alice.actor, agent=agent, name="long.txt", source=[long.encode()]).document
    run_due()
    page = get(alice, f"{address(agent)}/try?document={document}")
    assert "long.txt, part 1 of 3" in page
    page = post(alice, f"{address(agent)}/try", document=document, part="3")
    assert "part 3 of 3" in page
    assert "Paragraph 299" in page
    assert ("Amara Okafor", "Names of people") in found(page)
    page = post(alice, f"{address(agent)}/try", document=document, part="2", wrong="Amara Okafor")
    assert "part 2 of 3" in page
    assert "Names of people" not in dict(found(page)).values()


def test_what_cannot_be_looked_at_says_why_and_keeps_the_text(alice: Person, agent: Agent) -> None:
    page = post(alice, f"{address(agent)}/try", 422, text="a b " * LOOKED_AT)
    assert "paste up to 6,000 at once" in page
    assert "a b a b" in page
    page = post(alice, f"{address(agent)}/try", 422, text=LETTER, missed=".", kind="person")
    assert "needs two letters or digits" in page
    assert alice.client.get(f"{address(agent)}/try?document={'a' * 26}").status_code == 404


def test_an_agent_that_masks_nothing_shows_what_it_would_do(alice: Person) -> None:
    made = create_agent(actor=alice.actor, name="Open", masking=MaskingMode.OFF)
    page = post(alice, f"{address(made)}/try", text=LETTER)
    assert "This agent masks nothing." in page
    assert dict(found(page))


def test_the_list_counts_what_is_masked(alice: Person, agent: Agent) -> None:
    page = get(alice, f"{agent.url}/knowledge")
    assert re.search(r'<td class="num wide-only">2</td>', page)
    assert "2 masked" in page
