"""Silos asked in turn share one budget of memory: the least recently asked makes room. G-32."""

import gc
import weakref
from collections.abc import Iterator

import numpy as np
import pytest

from muniment.core.ids import new_id
from muniment.crypto.keyring import Keyring
from muniment.crypto.types import INSTANCE, KeyKind, KeyRef
from muniment.retrieval.index import Index, IndexCache
from muniment.retrieval.writing import SealedIndex
from muniment.silo.chunks import StoredChunk
from muniment.silo.sealed import Silo, SiloReader
from muniment.silo.services import close_all, create_silo
from muniment.silo.types import Table

SILOS, CHUNKS, DIMENSION = 12, 200, 384


def _fill(silo: Silo, chunks: int) -> None:
    chance = np.random.default_rng(1215)
    document = silo.new_group(KeyKind.DOCUMENT)
    with silo.writing() as writer:
        first = writer.take_numbers(chunks)
        made = []
        for number in range(first, first + chunks):
            vector = chance.normal(size=DIMENSION).astype(np.float32)
            text = " ".join(f"word{word}" for word in chance.integers(0, 5000, 60))
            made.append(
                StoredChunk(
                    number, document, 0, len(text), None, (), "", "en", "m", vector / np.linalg.norm(vector), text
                )
            )
        writer.put(Table.CHUNK, [one.to_record() for one in made])
        SealedIndex().add(writer, made)


@pytest.fixture
def silos(keyring: Keyring) -> Iterator[list[Silo]]:
    team = new_id()
    keyring.create(KeyRef(INSTANCE, KeyKind.TEAM, team))
    made = [create_silo(team=team) for _ in range(SILOS)]
    for silo in made:
        _fill(silo, CHUNKS)
    yield made
    close_all()


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The silos whose segments were opened, each as often as one was."""
    seen: list[str] = []
    read = SiloReader.segment

    def counted(self: SiloReader, segment: str) -> bytes | None:
        seen.append(self._silo.id)
        return read(self, segment)

    monkeypatch.setattr(SiloReader, "segment", counted)
    return seen


def _size(silo: Silo) -> int:
    return IndexCache(lambda: 1 << 30).index(silo).size


def test_what_is_held_stays_inside_the_budget(silos: list[Silo]) -> None:
    size = max(_size(silo) for silo in silos)
    budget = 4 * size
    cache = IndexCache(lambda: budget)
    asked: list[weakref.ref[Index]] = []
    for silo in silos * 2:
        index = cache.index(silo)
        assert len(index.vectors.search(np.ones(DIMENSION, np.float32), k=3)) == 3
        asked.append(weakref.ref(index))
        del index
        gc.collect()
        alive = [one for ref in asked if (one := ref()) is not None]
        assert cache.size == sum({id(one): one.size for one in alive}.values()) <= budget
        assert len({id(one) for one in alive}) <= 4
        del alive
    assert size > CHUNKS * DIMENSION  # what is counted is the vectors, one byte a dimension, and the words besides


def test_the_least_recently_asked_makes_room(silos: list[Silo], opened: list[str]) -> None:
    first, second, third = silos[:3]
    budget = _size(first) + _size(second) + 1000
    cache = IndexCache(lambda: budget)
    for silo in (first, second, first):
        cache.index(silo)
    opened.clear()
    cache.index(third)  # the second goes, asked longest ago
    assert set(opened) == {third.id}
    opened.clear()
    cache.index(first)
    assert opened == []
    cache.index(second)
    assert set(opened) == {second.id}


def test_one_that_is_too_large_is_used_and_not_kept(silos: list[Silo]) -> None:
    cache = IndexCache(lambda: 1000)
    assert len(cache.index(silos[0]).vectors.search(np.ones(DIMENSION, np.float32), k=3)) == 3
    assert cache.size == 0
