"""Attacker: the author of a DOCX. Move: an archive that unpacks to more than the machine holds (one member, many
members, sizes that lie), names that leave the archive, links, two parts of one name. Guarantee: G-62."""

import io
import struct
import tracemalloc
import zipfile

import pytest

from muniment.ingest.errors import ParseError, Reason
from muniment.ingest.parsing.archive import checked_archive
from muniment.ingest.types import Limits
from tests.ingest import files

WORD = files.word([("Normal", "The charter was sealed.")])
MEBIBYTE = 2**20


def _reason(package: bytes, limits: Limits | None = None) -> Reason:
    with pytest.raises(ParseError) as caught:
        checked_archive(package, limits or Limits())
    return caught.value.reason


def test_an_honest_document_passes() -> None:
    checked_archive(WORD, Limits()).close()


def test_one_member_that_unpacks_to_everything_is_stopped_while_it_unpacks() -> None:
    bomb = files.with_part(WORD, "word/media/image.bin", bytes(300 * MEBIBYTE))
    tracemalloc.start()
    try:
        assert _reason(bomb) is Reason.ARCHIVE_BOMB
        assert tracemalloc.get_traced_memory()[1] < 8 * MEBIBYTE
    finally:
        tracemalloc.stop()


def test_many_members_are_summed() -> None:
    package = WORD
    for number in range(4):
        package = files.with_part(package, f"word/media/{number}.bin", bytes(MEBIBYTE))
    checked_archive(package, Limits()).close()
    assert _reason(package, Limits(max_inflated=3 * MEBIBYTE)) is Reason.ARCHIVE_BOMB


def test_too_many_members_are_refused_before_any_is_opened() -> None:
    assert _reason(WORD, Limits(max_entries=3)) is Reason.ARCHIVE_BOMB


def test_a_declared_size_is_not_believed() -> None:
    """The central directory says one byte; the member holds more."""
    package = bytearray(files.with_part(WORD, "word/media/image.bin", bytes(4 * MEBIBYTE)))
    entry = package.rfind(b"PK\x01\x02")
    package[entry + 24 : entry + 28] = struct.pack("<I", 1)
    assert _reason(bytes(package)) in {Reason.DAMAGED, Reason.ARCHIVE_BOMB}


@pytest.mark.parametrize("name", ["../../etc/cron.d/x", "/etc/passwd", "..\\..\\boot.ini", "C:/x", "a/../../x"])
def test_names_that_leave_the_archive_are_refused(name: str) -> None:
    assert _reason(files.with_part(WORD, name, b"x")) is Reason.ARCHIVE_PATH


def test_links_are_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        link = zipfile.ZipInfo("word/document.xml")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert _reason(out.getvalue()) is Reason.ARCHIVE_PATH


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_parts_of_one_name_are_refused() -> None:
    assert _reason(files.with_part(WORD, "word/document.xml", b"<x/>", replace=False)) is Reason.MALFORMED
