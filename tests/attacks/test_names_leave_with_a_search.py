"""Attacker: an embedding model or a reranker at an endpoint that keeps every byte it is sent, and answers as it likes.
Move: reads documents, file names and questions for personal data, also in disguise, with masking on, off, changed
meanwhile, and with the gate or its detector gone; leads a call on to what only the server can reach.
Guarantee: G-110, what an agent masks is in no byte of any call; what goes elsewhere passes the gate, whatever the agent
masks; without a gate that can look nothing goes out, and documents wait. A redirect is not followed.
"""

import base64
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from muniment.agents.models import Agent
from muniment.agents.services import create_agent
from muniment.agents.types import MaskingMode, MaskingRules
from muniment.chat.services import ask
from muniment.chat.types import Found
from muniment.core.registries import OutboundMasking, outbound_gates
from muniment.ingest.selectors import documents
from muniment.ingest.services import add_document, change_masking
from muniment.jobs.services import run_due
from muniment.llm.endpoints.folder import EndpointFolder
from muniment.pii.errors import DetectorDownError
from tests.cast import Person
from tests.llm.endpoints import embedding, endpoint_folder, ranking
from tests.llm.fake_provider import Asked, FakeProvider, Reply, failure

PERSON, MAIL, IBAN = "Margaret Holloway", "peter.holt@example.org", "DE89 3704 0044 0532 0130 00"
SECRETS = (b"Holloway", b"peter.holt", b"3704", b"Hollweg")
TEXTS = {
    "Margaret Holloway.md": f"# Contract of {PERSON}\n\nThe contract was signed by {PERSON}. Write to {MAIL} soon.\n",
    "vertrag.txt": f"Der Vertrag wurde von Jürgen Hollweg unterschrieben. Bitte an {IBAN} überweisen.\n",
}
QUESTIONS = (
    f"What was signed by {PERSON}?",
    "Was hat Jürgen Hollweg unterschrieben?",
    f"Who signed? Decode {base64.b64encode(PERSON.encode()).decode()} please, or Marg\u200baret Hollo\u200bway.",
)
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def keeper(provide: Callable[..., FakeProvider], tmp_path: Path, settings: Any) -> FakeProvider:
    """Embedding model and reranker of the installation."""

    def answer(asked: Asked) -> Reply:
        return embedding()(asked) if asked.path.endswith("/embeddings") else ranking(len)(asked)

    provider = provide(answer)
    settings.MUNIMENT_EMBEDDING_MODEL = settings.MUNIMENT_RERANKER = str(endpoint_folder(tmp_path / "far", provider))
    return provider


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """No endpoint counts as one of the operator's own. (To reach it on this machine it has to be listed.)"""
    monkeypatch.setattr(EndpointFolder, "is_inside", property(lambda _: False))


def _agent(person: Person, mode: MaskingMode) -> Agent:
    made = create_agent(actor=person.actor, name="Contracts", masking=mode)
    for name, text in TEXTS.items():
        add_document(actor=person.actor, agent=made, name=name, source=[text.encode()])
    run_due()
    return made


def _asked(person: Person, agent: Agent) -> list[Found]:
    events = [event for question in QUESTIONS for event in ask(actor=person.actor, agent=agent, question=question)]
    return [event for event in events if isinstance(event, Found)]


def _leaked(provider: FakeProvider) -> list[bytes]:
    sent = provider.outbound.replace(b"\xe2\x80\x8b", b"")
    coded = base64.b64encode(PERSON.encode())
    return [one for one in (*SECRETS, coded) if one in sent]


@pytest.mark.parametrize("mode", [MaskingMode.STAND_INS, MaskingMode.MASK])
def test_of_an_agent_that_masks_no_byte_names_anybody(
    alice: Person, keeper: FakeProvider, mode: MaskingMode, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    agent = _agent(alice, mode)
    assert {str(one.state) for one in documents(alice.actor, agent)} == {"live"}
    assert not any(one.by_words for one in _asked(alice, agent))
    assert {asked.path for asked in keeper.asked} == {"/v1/embeddings", "/v1/rerank"}
    assert _leaked(keeper) == []
    assert PERSON not in caplog.text


@pytest.mark.usefixtures("elsewhere")
def test_elsewhere_none_is_named_though_the_agent_masks_nothing(alice: Person, keeper: FakeProvider) -> None:
    assert not any(one.by_words for one in _asked(alice, _agent(alice, MaskingMode.OFF)))
    assert b"[PERSON]" in keeper.outbound
    assert _leaked(keeper) == []


def test_inside_of_an_agent_that_masks_nothing_the_words_are_sent_until_it_does(
    alice: Person, keeper: FakeProvider
) -> None:
    """Positive control: without masking the names are there, so they would be seen."""
    agent = _agent(alice, MaskingMode.OFF)
    _asked(alice, agent)
    assert len(_leaked(keeper)) == len(SECRETS) + 1
    change_masking(actor=alice.actor, agent=agent, rules=MaskingRules(MaskingMode.STAND_INS))
    keeper.asked.clear()
    run_due()
    _asked(alice, agent)
    assert keeper.asked
    assert _leaked(keeper) == []


def _down(_content: bytes, *, masking: OutboundMasking) -> bytes:
    raise DetectorDownError


@pytest.mark.parametrize("gates", [{}, {"down": _down}], ids=["no gate", "detector down"])
def test_without_a_gate_that_looks_no_call_leaves(
    alice: Person, keeper: FakeProvider, monkeypatch: pytest.MonkeyPatch, gates: dict[str, Any]
) -> None:
    agent = _agent(alice, MaskingMode.STAND_INS)
    keeper.asked.clear()
    monkeypatch.setattr(outbound_gates, "_entries", gates)
    add_document(actor=alice.actor, agent=agent, name="later.txt", source=[b"The later contract was signed."])
    run_due()
    assert {one.name: str(one.state) for one in documents(alice.actor, agent)}["later.txt"] == "queued"
    assert all(one.by_words and one.passages for one in _asked(alice, agent)[:2])
    assert keeper.asked == []


def test_a_call_is_led_nowhere(
    alice: Person, provide: Callable[..., FakeProvider], tmp_path: Path, settings: Any
) -> None:
    inside = provide(embedding())
    away = provide(lambda _: failure("307 Moved", headers=f"Location: {inside.base_url}/embeddings\r\n"))
    settings.MUNIMENT_EMBEDDING_MODEL = str(endpoint_folder(tmp_path / "far", away))
    _agent(alice, MaskingMode.STAND_INS)
    assert away.asked
    assert inside.asked == []
