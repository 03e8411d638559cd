"""What a DOCX holds beside its text: comments, deleted and hidden words, properties. Listed, never read."""

from itertools import groupby
from typing import Any

from docx.oxml.ns import qn
from lxml import etree

from muniment.ingest.parsing.building import TextBuilder
from muniment.ingest.parsing.docx_look import Looks
from muniment.ingest.parsing.package import inner_text
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


def hidden_words(builder: TextBuilder, root: etree._Element, looks: Looks) -> None:
    """Lists what of a part does not show; runs that follow one another are one: Word cuts where it likes."""
    builder.look_through(inner_text(root))
    runs = ((run, _words(run)) for run in root.iter(qn("w:r")))
    for how, some in groupby((run for run in runs if run[1]), key=lambda run: looks.hidden_by(run[0])):
        if how:
            builder.leave_out(LeftOutKind.HIDDEN, "", "".join(words for _, words in some), hidden_by=how)
    for picture in root.iter("{*}docPr"):
        _listed(builder, LeftOutKind.DESCRIPTION, "", picture.get("descr") or "")


def leave_out(builder: TextBuilder, document: Any, comments: list[etree._Element]) -> None:
    """`comments`: the roots of the parts that hold comments."""
    body = document.element.body
    for deletion in body.iter(qn("w:del"), qn("w:moveFrom")):
        _listed(builder, LeftOutKind.CHANGE, "", "".join(one.text or "" for one in deletion.iter(qn("w:delText"))))
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
