"""Packages: a checked ZIP archive of XML parts, as Office, OpenDocument and EPUB files are."""

import posixpath
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Self
from urllib.parse import unquote

from lxml import etree

from muniment.core.cleaning import one_line
from muniment.ingest.errors import ParseError, Reason
from muniment.ingest.parsing.archive import XML_NAME, checked_archive, refuse_declarations
from muniment.ingest.parsing.building import TextBuilder
from muniment.ingest.types import LeftOutKind, Limits

_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"
_LISTED = ("creator", "lastModifiedBy", "initial-creator", "subject", "keywords", "keyword", "description", "category")
MALFORMED = (etree.LxmlError, KeyError, ValueError, zipfile.BadZipFile)
"""What a part raises that is not what its package says."""


@dataclass(frozen=True, slots=True)
class Relation:
    kind: str
    """The last part of its type: "slide", "notesSlide", "comments"."""
    target: str
    """The name of the part in the package."""


class Package:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.names = frozenset(archive.namelist())

    @classmethod
    @contextmanager
    def opened(cls, data: bytes, limits: Limits) -> Iterator[Self]:
        """Raises ParseError: as `checked_archive`, and MALFORMED for what goes wrong inside the block."""
        with checked_archive(data, limits) as archive:
            try:
                yield cls(archive)
            except MALFORMED:
                raise ParseError(Reason.MALFORMED) from None

    def read(self, name: str) -> bytes:
        """Raises KeyError where there is no such part."""
        return self._archive.read(name)

    def xml(self, name: str) -> etree._Element:
        """The root of a part. Raises KeyError, etree.XMLSyntaxError, ParseError (it declares a document type)."""
        data = self.read(name)
        refuse_declarations(data)
        return etree.fromstring(data, _parser())

    def optional_xml(self, name: str) -> etree._Element | None:
        return self.xml(name) if name in self.names else None

    def elements(self, name: str, tags: list[str]) -> Iterator[etree._Element]:
        """These elements of a large part, each once it is whole; what was yielded is forgotten. Raises as `xml`."""
        if not name.lower().endswith(XML_NAME):  # those were looked at while they were inflated
            refuse_declarations(self.read(name))
        with self._archive.open(name) as stream:
            events = etree.iterparse(
                stream, events=("end",), tag=tags, resolve_entities=False, no_network=True, load_dtd=False
            )
            for _, element in events:
                yield element
                element.clear()
                while (before := element.getprevious()) is not None:
                    parent = before.getparent()
                    if parent is None:
                        break
                    parent.remove(before)

    def relations(self, part: str) -> dict[str, Relation]:
        """What a part of an Office file names, by id; what lies outside of the package is not there."""
        folder, name = posixpath.split(part)
        root = self.optional_xml(posixpath.join(folder, "_rels", f"{name}.rels"))
        found: dict[str, Relation] = {}
        for one in root.iterchildren(_RELATION) if root is not None else ():
            target = inner_path(folder, one.get("Target") or "")
            if one.get("TargetMode") != "External" and target in self.names:
                found[one.get("Id") or ""] = Relation((one.get("Type") or "").rpartition("/")[2], target)
        return found

    def describe(self, builder: TextBuilder, part: str) -> str:
        """Lists the properties that a part of metadata holds; returns the title."""
        root = self.optional_xml(part)
        title = ""
        for element in root.iter(etree.Element) if root is not None else ():
            name = etree.QName(element).localname
            if words := one_line(element.text or ""):
                if element.tag == f"{_DUBLIN_CORE}title":
                    title = title or words
                elif name in _LISTED:
                    builder.leave_out(LeftOutKind.PROPERTY, name, words)
        return title


def inner_text(element: etree._Element) -> str:
    """All words inside, whether they show or not."""
    return str(etree.tostring(element, method="text", encoding="unicode", with_tail=False))


def inner_path(folder: str, target: str) -> str:
    """The name of a part that another one names: relative to its folder, or from the root of the package."""
    target = unquote(target.partition("#")[0])
    return posixpath.normpath(target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target))


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
