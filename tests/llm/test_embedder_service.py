"""The process has one embedder, whoever asks first and however many ask at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.test import override_settings

from muniment.llm import services


@pytest.fixture(autouse=True)
def _nothing_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "_loaded", {})


@override_settings(MUNIMENT_EMBEDDING_THREADS=1)
def test_threads_that_ask_at_once_get_the_same_one() -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: services.embedder(), range(8)))
    assert len({id(one) for one in found}) == 1
    assert found[0].embed(["one"]).shape == (1, 384)


@override_settings(MUNIMENT_EMBEDDING_THREADS=3)
def test_the_setting_gives_the_threads_unless_the_caller_does() -> None:
    assert services._configured_threads() == 3
    with override_settings(MUNIMENT_EMBEDDING_THREADS=None):
        assert services._configured_threads() >= 1
