"""A ZIP archive is opened once, member by member, and every cap is enforced while it inflates.

Attacks stopped: zip bombs (the sizes an archive declares are never believed: Fifield's overlapping files declare what
they like), zip slip (names that leave the archive), encrypted members, XML that declares a document type (XXE,
billion laughs) in any encoding a parser might accept.
"""

import io
import re
import zipfile
import zlib

from muniment.ingest.errors import ParseError, Reason
from muniment.ingest.types import Limits

STEP = 64 * 1024
FREE = 2**20
"""Bytes of each member for which no ratio is asked: small repetitive parts are everywhere and harmless."""
_ENCRYPTED = 0x1
XML_NAME = (".xml", ".rels", ".vml")
_XML_START = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*<")
_FOREIGN_ENCODING = re.compile(
    rb"""^[^<]{0,4}<\?xml[^>]{0,200}?encoding\s*=\s*["'](?!utf-?8["']|utf-?16["'])""", re.IGNORECASE
)


def checked_archive(data: bytes, limits: Limits) -> zipfile.ZipFile:
    """The archive, once everything in it was inflated within the limits and looked at. Raises ParseError."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, UnicodeDecodeError):
        raise ParseError(Reason.DAMAGED) from None
    check_members(members, limits)
    total = 0
    for member in members:
        total += _inflate(archive, member, limits, total)
    return archive


def check_members(members: list[zipfile.ZipInfo], limits: Limits) -> None:
    """Raises ParseError: too many, two of one name, a name that leaves the archive, a link, an encrypted one."""
    if len(members) > limits.max_entries:
        raise ParseError(Reason.ARCHIVE_BOMB)
    names = [member.filename for member in members]
    if len(set(names)) != len(names):  # two readers would see two documents
        raise ParseError(Reason.MALFORMED)
    if any(map(leaves, names)) or any(map(_is_link, members)):
        raise ParseError(Reason.ARCHIVE_PATH)
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise ParseError(Reason.ENCRYPTED)


def leaves(name: str) -> bool:
    """Whether a name leads out of its archive."""
    parts = name.replace("\\", "/").split("/")
    return name.startswith(("/", "\\")) or ".." in parts or "\x00" in name or ":" in parts[0]


def _is_link(member: zipfile.ZipInfo) -> bool:
    return (member.external_attr >> 16) & 0o170000 == 0o120000


def _inflate(archive: zipfile.ZipFile, member: zipfile.ZipInfo, limits: Limits, before: int) -> int:
    is_xml = member.filename.lower().endswith(XML_NAME)
    size, kept = 0, []
    try:
        with archive.open(member) as stream:
            while piece := stream.read(STEP):
                size += len(piece)
                if before + size > limits.max_inflated or size > FREE + limits.max_ratio * member.compress_size:
                    raise ParseError(Reason.ARCHIVE_BOMB)
                if is_xml:
                    kept.append(piece)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, OSError):
        raise ParseError(Reason.DAMAGED) from None
    if is_xml and kept:
        refuse_declarations(b"".join(kept))
    return size


def refuse_declarations(xml: bytes) -> None:
    """Raises ParseError unless this is XML in UTF-8 or UTF-16 (all that Office formats allow) without a DOCTYPE.

    NUL bytes are dropped first, so that UTF-16 reads like ASCII; other encodings could hide the declaration.
    """
    plain = xml.replace(b"\x00", b"")
    if _XML_START.match(plain) is None or _FOREIGN_ENCODING.match(plain):
        raise ParseError(Reason.MALFORMED)
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise ParseError(Reason.XML_DECLARATIONS)
