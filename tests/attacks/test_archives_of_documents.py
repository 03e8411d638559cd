"""Attacker: the author of a ZIP or TAR that somebody uploads to have its documents read. Move: bombs, archives within
archives without end, names that leave, links and devices, more files than anybody reads, files that lie about their
sizes, a reader that was taken over and hands out what nobody asked for. Guarantee: G-62."""

import gzip
import io
import tarfile
import tracemalloc
import zipfile
from collections.abc import Callable

import pytest

from muniment.core.errors import CorruptedError
from muniment.ingest.errors import ParseError, Reason
from muniment.ingest.parsing.attachments import known_attachments
from muniment.ingest.parsing.bundle import is_bundle, unpack
from muniment.ingest.types import Limits
from muniment.ingest.unpacked import Member, Unpacked
from tests.ingest import office

MEBIBYTE = 2**20


def _reason(data: bytes, limits: Limits | None = None) -> Reason:
    with pytest.raises(ParseError) as caught:
        unpack(data, 0, limits or Limits(), attached=known_attachments)
    return caught.value.reason


def _tar(change: Callable[[tarfile.TarInfo], object], name: str = "a.txt") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        member = tarfile.TarInfo(name)
        change(member)
        archive.addfile(member, io.BytesIO(bytes(member.size)))
    return out.getvalue()


def _nested(depth: int) -> bytes:
    data = b"The charter was sealed."
    for level in range(depth):
        data = office.package({f"{level}.zip" if level else "a.txt": data})
    return data


def test_an_honest_archive_passes() -> None:
    found = Unpacked.from_bytes(
        unpack(office.package({"a/b.txt": b"words"}), 0, Limits(), attached=known_attachments), first=0
    )
    assert (found.members, found.following) == ([Member("a/b.txt", b"words")], None)


@pytest.mark.parametrize("name", ["../../etc/cron.d/x", "/etc/passwd", "..\\..\\boot.ini", "C:/x", "a/../../x"])
def test_names_that_leave_are_refused(name: str) -> None:
    assert _reason(office.package({name: b"x"})) is Reason.ARCHIVE_PATH
    assert _reason(_tar(lambda _member: None, name)) is Reason.ARCHIVE_PATH


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE])
def test_links_and_devices_are_refused(kind: bytes) -> None:
    def change(member: tarfile.TarInfo) -> None:
        member.type, member.linkname = kind, "/etc/passwd"

    assert _reason(_tar(change)) is Reason.ARCHIVE_PATH


def test_a_link_in_a_zip_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        link = zipfile.ZipInfo("a.txt")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert _reason(out.getvalue()) is Reason.ARCHIVE_PATH


def test_nesting_ends() -> None:
    assert b"sealed" in unpack(_nested(3), 0, Limits(), attached=known_attachments)
    assert _reason(_nested(4)) is Reason.TOO_DEEP


def test_files_are_counted_over_all_archives() -> None:
    inner = office.package({f"{number}.txt": b"x" for number in range(30)})
    data = office.package({"a.zip": inner, "b.zip": inner})
    unpack(data, 0, Limits(max_documents=62), attached=known_attachments)
    assert _reason(data, Limits(max_documents=61)) is Reason.TOO_MANY_FILES


def _packed_tar(data: bytes) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        member = tarfile.TarInfo("a.txt")
        member.size = len(data)
        archive.addfile(member, io.BytesIO(data))
    return out.getvalue()


@pytest.mark.parametrize("pack", [lambda data: office.package({"a": data}), _packed_tar])
def test_a_bomb_is_stopped_while_it_unpacks(pack: Callable[[bytes], bytes]) -> None:
    bomb = pack(bytes(400 * MEBIBYTE))
    tracemalloc.start()
    try:
        assert _reason(bomb, Limits(max_packed=512 * MEBIBYTE)) is Reason.ARCHIVE_BOMB
        assert tracemalloc.get_traced_memory()[1] < 150 * MEBIBYTE
    finally:
        tracemalloc.stop()


def test_bytes_are_summed_over_all_archives() -> None:
    noise = bytes(range(256)) * 4096
    data = office.package({"a.zip": office.package({"a.txt": noise}), "b.txt": noise})
    unpack(data, 0, Limits(max_inflated=3 * MEBIBYTE), attached=known_attachments)
    assert _reason(data, Limits(max_inflated=MEBIBYTE)) is Reason.ARCHIVE_BOMB


def test_a_file_larger_than_a_document_may_be_is_told() -> None:
    assert _reason(office.package({"a.txt": bytes(3000)}), Limits(max_packed=2000)) is Reason.FILE_TOO_LARGE


def test_a_sparse_file_that_claims_a_terabyte_is_refused() -> None:
    def change(member: tarfile.TarInfo) -> None:
        member.type = tarfile.GNUTYPE_SPARSE

    header = bytearray(_tar(change))
    header[483:495] = b"\x80" + (2**40).to_bytes(11, "big")  # the real size, in base 256
    header[386:410] = b"%011o\0%011o\0" % (0, 0)
    header[148:156] = b"%06o\0 " % (sum(header[:148]) + 8 * 32 + sum(header[156:512]))
    assert _reason(bytes(header)) in {Reason.ARCHIVE_BOMB, Reason.DAMAGED}


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_what_is_cut_off_is_damaged(share: float) -> None:
    whole = gzip.compress(_tar(lambda member: setattr(member, "size", 5000)))
    assert is_bundle(whole)
    assert _reason(whole[: int(len(whole) * share)]) is Reason.DAMAGED


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_one_name_are_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", b"one")
        archive.writestr("a.txt", b"two")
    assert _reason(out.getvalue()) is Reason.MALFORMED


def test_two_files_of_one_name_in_a_tar_are_refused() -> None:
    one = _tar(lambda member: setattr(member, "size", 300))
    assert _reason(one[:1024] + one) is Reason.MALFORMED
    unpack(one[:1024] + _tar(lambda _member: None, "b.txt"), 0, Limits(), attached=known_attachments)


GOOD = Unpacked([Member("a.txt", b"words")], 1).to_bytes()


@pytest.mark.parametrize(
    "lie",
    [
        b"",
        GOOD[:-1],
        GOOD + b"more",
        Unpacked([], 0).to_bytes(),
        Unpacked([Member("a", b"")], 5).to_bytes(),
        Unpacked([Member("a" * 5000, b"")], None).to_bytes(),
        b"\xff\xff\xff\xff" + GOOD[4:],
        b"\x00\x00\x00\x0f" + b'[null,[["a",-1]]]',
    ],
)
def test_a_reader_that_was_taken_over_is_not_believed(lie: bytes) -> None:
    Unpacked.from_bytes(GOOD, first=0)
    with pytest.raises(CorruptedError):
        Unpacked.from_bytes(lie, first=0)
