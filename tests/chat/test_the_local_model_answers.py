"""The model on this machine can be chosen as any other; what it invents is not said, and its absence is told."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from muniment.agents.models import Agent
from muniment.agents.services import update_agent
from muniment.chat.services import ask
from muniment.chat.types import ModelDown, Refused, Said
from muniment.llm import services
from muniment.llm.types import LOCAL
from tests.cast import Person
from tests.chat.conftest import PARKING
from tests.llm.gguf import chain, write_model

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One that says the same words to everything."""
    monkeypatch.setattr(
        settings, "MUNIMENT_LOCAL_MODEL", str(write_model(tmp_path / "tiny.gguf", chain("Helo wrd!", after="\n")))
    )
    monkeypatch.setattr(services, "_local", [])
    yield
    for loaded in services._local:
        loaded.close()


def test_it_is_chosen_and_asked(alice: Person, agent: Agent, model: None) -> None:
    assert "tiny on this machine" in alice.client.get(f"{agent.url}/character").content.decode()
    assert alice.client.post(f"{agent.url}/character", {"length": "short", "provider": LOCAL}).status_code == 302
    agent.refresh_from_db()
    assert agent.provider == LOCAL
    events = list(ask(actor=alice.actor, agent=agent, question=PARKING))
    assert not [event for event in events if isinstance(event, Said)]
    assert [event for event in events if isinstance(event, Refused | ModelDown)]
    assert services._local[0].pid is not None


def test_without_it_that_is_told(alice: Person, agent: Agent) -> None:
    changed = update_agent(actor=alice.actor, agent=agent, provider=LOCAL)
    assert "on this machine" not in alice.client.get(f"{agent.url}/character").content.decode()
    (down,) = [e for e in ask(actor=alice.actor, agent=changed, question=PARKING) if isinstance(e, ModelDown)]
    assert "removed" in str(down.why)
