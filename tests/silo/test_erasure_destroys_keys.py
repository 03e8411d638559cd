from collections.abc import Iterator

import pytest

from muniment.core.ids import new_id
from muniment.crypto.errors import KeyDestroyedError
from muniment.crypto.keyring import Keyring
from muniment.crypto.types import INSTANCE, KeyKind, KeyRef
from muniment.silo.sealed import Record, Silo
from muniment.silo.services import close_all, create_silo, destroy_silo, location, open_silo, originals, silos
from muniment.silo.types import Table


@pytest.fixture
def silo(keyring: Keyring) -> Iterator[Silo]:
    team = new_id()
    keyring.create(KeyRef(INSTANCE, KeyKind.TEAM, team))
    yield create_silo(team=team)
    close_all()


def _document(silo: Silo, text: bytes = b"charter") -> str:
    document = silo.new_group(KeyKind.DOCUMENT, also=[KeyKind.ORIGINAL])
    with silo.writing() as writer:
        writer.put(Table.TEXT, [Record(b"t", document, text)])
    return document


def test_a_record_comes_back_as_it_was_put(silo: Silo) -> None:
    document = _document(silo)
    with silo.reading() as reader:
        assert reader.get(Table.TEXT, b"t") == Record(b"t", document, b"charter")


def test_a_deleted_document_loses_its_keys_before_the_call_returns(silo: Silo, keyring: Keyring) -> None:
    document = _document(silo)
    before = silo.epoch()
    with silo.writing() as writer:
        writer.erase_group([Table.TEXT], document, also=[KeyKind.ORIGINAL])
    assert silo.epoch() > before
    for kind in (KeyKind.DOCUMENT, KeyKind.ORIGINAL):
        with pytest.raises(KeyDestroyedError):
            keyring.open(silo.key(kind, document))
    with silo.reading() as reader:
        assert reader.count(Table.TEXT) == 0


def test_a_crash_after_the_commit_is_finished_later(
    silo: Silo, keyring: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = _document(silo)
    monkeypatch.setattr(Silo, "finish_erasures", lambda _: None)
    with silo.writing() as writer:
        writer.erase_group([Table.TEXT], document)
    monkeypatch.undo()
    assert keyring.open(silo.key(KeyKind.DOCUMENT, document))
    silo.finish_erasures()
    with pytest.raises(KeyDestroyedError):
        keyring.open(silo.key(KeyKind.DOCUMENT, document))


def test_a_record_whose_key_was_destroyed_is_simply_gone(silo: Silo, keyring: Keyring) -> None:
    document = _document(silo)
    keyring.destroy([silo.key(KeyKind.DOCUMENT, document)])
    with silo.reading() as reader:
        assert reader.get(Table.TEXT, b"t") is None
        assert reader.count(Table.TEXT) == 1


def test_a_segment_is_sealed_under_its_own_key(silo: Silo, keyring: Keyring) -> None:
    with silo.writing() as writer:
        segment = writer.put_segment("vectors", b"vectors", chunks=1, first=1, last=1)
    with silo.reading() as reader:
        assert reader.segment(segment) == b"vectors"
    with silo.writing() as writer:
        writer.erase_segments([segment])
    with pytest.raises(KeyDestroyedError):
        keyring.open(silo.key(KeyKind.SEGMENT, segment))


def test_a_destroyed_silo_is_gone_everywhere(silo: Silo) -> None:
    _document(silo)
    document = silo.new_group(KeyKind.ORIGINAL)
    with originals(silo).written(document, [b"file"]):
        pass
    assert silo.id in silos()
    destroy_silo(silo.id)
    destroy_silo(silo.id)
    assert silo.id not in silos()
    assert not location(silo.id).exists()
    assert not originals(silo).folder.exists()
    with pytest.raises(KeyDestroyedError), open_silo(silo.id).reading():
        pass


def test_originals_are_sealed_streams(silo: Silo) -> None:
    document = silo.new_group(KeyKind.ORIGINAL)
    files = originals(silo)
    with files.written(document, [b"canary-88", b"21" * 100_000]) as size:
        assert size == 9 + 200_000
    assert b"canary-8821" not in (files.folder / document).read_bytes()
    assert b"".join(files.read(document)) == b"canary-88" + b"21" * 100_000


def test_an_upload_cut_off_leaves_nothing(silo: Silo) -> None:
    document = silo.new_group(KeyKind.ORIGINAL)

    def cut() -> Iterator[bytes]:
        yield b"x" * 100_000
        raise ConnectionError

    files = originals(silo)
    with pytest.raises(ConnectionError), files.written(document, cut()):
        pass
    assert list(files.folder.iterdir()) == []
    with files.written(document, [b"whole"]):
        pass
    assert files.exists(document)
