"""The page Safety names the model of an agent, its host, and what leaves the server for it: to whoever may ask."""

import pytest

from muniment.agents.models import Agent
from muniment.agents.services import create_agent, grant_agent, update_agent
from muniment.agents.types import MaskingMode
from muniment.llm.services import add_provider, remove_provider
from tests.cast import Person
from tests.llm.conftest import Providing, connect, provide  # noqa: F401 - a fixture
from tests.llm.fake_provider import said

pytestmark = pytest.mark.django_db(transaction=True)
PASSAGES = "The question, the passages found for it"
TWICE = "looked for once more in the exact bytes"


def _made(alice: Person, carol: Person, masking: MaskingMode = MaskingMode.STAND_INS) -> Agent:
    agent = create_agent(actor=alice.actor, name="Wards", masking=masking)
    grant_agent(actor=alice.actor, agent=agent, user=carol.user.pk)
    return agent


def _page(person: Person, agent: Agent) -> str:
    page = person.client.get(f"{agent.url}/safety")
    assert page.status_code == 200
    return " ".join(page.content.decode().split())


def test_without_a_model_nothing_leaves(alice: Person, carol: Person) -> None:
    agent = _made(alice, carol)
    for person in (alice, carol):
        assert "No model: answers are sentences of the documents." in _page(person, agent)
        assert "Nothing." in _page(person, agent)
        assert PASSAGES not in _page(person, agent)


def test_a_model_elsewhere_is_named_with_its_host_and_nothing_more(
    alice: Person, carol: Person, mallory: Person
) -> None:
    agent = _made(alice, carol)
    given = {"name": "Elsewhere", "base_url": "https://models.example.org:8443/secret/v1", "model": "tiny"}
    provider = add_provider(actor=alice.actor, key="sk-of-a-test", **given)
    update_agent(actor=alice.actor, agent=agent, provider=provider.pk)
    for person in (alice, carol):
        page = _page(person, agent)
        for words in ("Elsewhere (tiny)", "models.example.org:8443", "Somebody else&#x27;s server.", PASSAGES, TWICE):
            assert words in page or words.replace("&#x27;", "'") in page
        assert "/secret" not in page
        assert "sk-of-a-test" not in page
    assert mallory.client.get(f"{agent.url}/safety").status_code == 404
    remove_provider(actor=alice.actor, provider=provider.pk)
    assert "A model that was removed." in _page(carol, agent)
    assert "models.example.org" not in _page(carol, agent)


def test_what_is_not_masked_for_a_host_of_the_house_is_said(
    alice: Person,
    carol: Person,
    provide: Providing,  # noqa: F811
) -> None:
    provider = connect(alice, provide(lambda _: said("Two euros [1].")))
    for mode, words in ((MaskingMode.STAND_INS, TWICE), (MaskingMode.OFF, "this agent masks nothing")):
        agent = _made(alice, carol, mode)
        update_agent(actor=alice.actor, agent=agent, provider=provider.pk)
        assert "your operator lists as one of their own" in _page(carol, agent)
        assert words in _page(carol, agent)


def test_a_host_of_the_house_is_named_to_its_own_people_alone(
    alice: Person,
    carol: Person,
    provide: Providing,  # noqa: F811
) -> None:
    provider = connect(alice, provide(lambda _: said("Two euros [1].")))
    agent = _made(alice, carol)
    update_agent(actor=alice.actor, agent=agent, provider=provider.pk)
    assert "127.0.0.1" in _page(alice, agent)
    assert "127.0.0.1" not in _page(carol, agent)
