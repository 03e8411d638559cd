"""Erasing a document from a large agent opens the segments its chunks are in, and no others."""

from collections.abc import Iterator
from unittest.mock import patch

import numpy as np
import pytest

from muniment.core.ids import new_id
from muniment.crypto.keyring import Keyring
from muniment.crypto.types import INSTANCE, KeyKind, KeyRef
from muniment.retrieval import writing
from muniment.retrieval.labels import is_vectors
from muniment.retrieval.writing import SealedIndex
from muniment.silo.chunks import StoredChunk
from muniment.silo.sealed import Silo, SiloReader
from muniment.silo.services import create_silo, destroy_silo


@pytest.fixture
def silo(keyring: Keyring) -> Iterator[Silo]:
    team = new_id()
    keyring.create(KeyRef(INSTANCE, KeyKind.TEAM, team))
    made = create_silo(team=team)
    yield made
    destroy_silo(made.id)


def chunk(number: int) -> StoredChunk:
    text = f"word{number} shared"
    vector = np.full(8, number, dtype=np.float32)
    return StoredChunk(number, new_id(), 0, len(text), None, (), "", "en", "model", vector, text)


def test_only_segments_that_reach_over_the_chunk(silo: Silo) -> None:
    index = SealedIndex()
    with silo.writing() as writer:
        for start in range(0, 50, 10):
            index.add(writer, [chunk(number) for number in range(start, start + 10)])
    with silo.writing() as writer:
        before = {info.id for info in writer.segments()}
        with patch.object(SiloReader, "segment", autospec=True, side_effect=SiloReader.segment) as opened:
            index.erase(writer, [23])
        after = {info.id: info for info in writer.segments()}
    assert opened.call_count == 2
    assert len(before - set(after)) == 2
    new = [info for identifier, info in after.items() if identifier not in before]
    assert [(info.chunks, info.first, info.last) for info in new] == [(9, 20, 29), (9, 20, 29)]


def test_merging_joins_neighbours(silo: Silo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "SEGMENT_CHUNKS", 40)
    index = SealedIndex()
    with silo.writing() as writer:
        for start in (70, 30, 10, 50, 20, 40, 0, 60):
            index.add(writer, [chunk(number) for number in range(start, start + 10)])
        while index.tidy(writer):
            pass
        spans = sorted((info.first, info.last) for info in writer.segments() if is_vectors(info.label))
    assert spans == [(0, 39), (40, 79)]
