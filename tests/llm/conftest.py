"""Providers on loopback, listed by the operator, and gates of a test's own."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings

from muniment.core.network.addresses import split_address
from muniment.core.registries import OutboundMasking, outbound_gates
from muniment.llm.models import Provider
from muniment.llm.services import add_provider
from tests.cast import Person
from tests.llm.fake_provider import Brain, FakeProvider
from tests.llm.local_models import start  # noqa: F401 - a fixture for every test of a local model

NAME, MASKED = b"Ada Lovelace", b"[PERSON]"
Providing = Callable[..., FakeProvider]


def mask(content: bytes, *, masking: OutboundMasking) -> bytes:
    """A gate that knows one name."""
    return content.replace(NAME, MASKED)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> None:
    """The only gate there is knows one name."""
    monkeypatch.setattr(outbound_gates, "_entries", {"test": mask})


@pytest.fixture
def provide(loopback: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Providing]:
    """Starts a provider of this brain, which the operator has listed."""
    running: list[FakeProvider] = []

    def started(brain: Brain, **options: Any) -> FakeProvider:
        running.append(FakeProvider(brain, **options))
        listed = (*settings.MUNIMENT_INTERNAL_HOSTS, split_address(running[-1].address)[0])
        monkeypatch.setattr(settings, "MUNIMENT_INTERNAL_HOSTS", listed)
        return running[-1]

    yield started
    for provider in running:
        provider.close()


def connect(person: Person, provider: FakeProvider, **fields: Any) -> Provider:
    """The provider, known to the person's team."""
    given = {"name": "Somewhere", "base_url": provider.base_url, "model": "tiny", "key": "sk-test-key", "patience": 300}
    return add_provider(actor=person.actor, **{**given, **fields})
