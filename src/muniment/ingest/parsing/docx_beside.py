"""What a DOCX holds beside its text: comments, deleted and hidden words, properties. Listed, never read."""

from collections.abc import Callable
from typing import Any

from docx.oxml.ns import qn
from lxml import etree

from muniment.ingest.parsing.building import TextBuilder
from muniment.ingest.types import LeftOutKind

_PROPERTIES = {
    "author": "creator",
    "category": "category",
    "comments": "description",
    "keywords": "keywords",
    "last_modified_by": "lastModifiedBy",
    "subject": "subject",
}
"""python-docx's name and the format's own."""


def leave_out(
    builder: TextBuilder, document: Any, comments: list[etree._Element], is_hidden: Callable[[etree._Element], bool]
) -> None:
    """`comments`: the roots of the parts that hold comments; `is_hidden` says it of a run."""
    body = document.element.body
    for deletion in body.iter(qn("w:del"), qn("w:moveFrom")):
        _listed(builder, LeftOutKind.CHANGE, "", "".join(one.text or "" for one in deletion.iter(qn("w:delText"))))
    for run in body.iter(qn("w:r")):
        if is_hidden(run):
            _listed(builder, LeftOutKind.HIDDEN, "", _words(run))
    for root in comments:
        for comment in root.iter(qn("w:comment")):
            _listed(builder, LeftOutKind.COMMENT, comment.get(qn("w:author")) or "", _words(comment))
    for attribute, name in _PROPERTIES.items():
        _listed(builder, LeftOutKind.PROPERTY, name, str(getattr(document.core_properties, attribute) or ""))


def _listed(builder: TextBuilder, kind: LeftOutKind, place: str, words: str) -> None:
    if words.strip():
        builder.leave_out(kind, place, words)


def _words(element: etree._Element) -> str:
    return "".join(one.text or "" for one in element.iter(qn("w:t")))
