"""What was found beside a document's text, and what of it is marked, in words for the pages that show it."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from muniment.ingest.types import ExtractedDocument, HiddenBy, LeftOut, LeftOutKind, Mark, MarkKind, Unit

_AROUND = 80
"""Characters shown on each side of a marked place."""


def left_out_groups(text: ExtractedDocument) -> list[dict[str, Any]]:
    """One for each kind, in the order in which they matter: {label, entries: [{place, text, why, is_read}]}."""
    groups = []
    for kind, label in _labels().items():
        entries = [
            {"place": _place(one), "text": one.text, "why": _hidden_by(one.hidden_by), "is_read": one.is_read}
            for one in text.left_out
            if one.kind is kind
        ]
        if entries:
            groups.append({"label": label, "entries": entries})
    return groups


def marks(text: ExtractedDocument) -> list[dict[str, Any]]:
    """{word, why, page, before, quote, after, start, end, alarms}; no quote where it stands beside the text."""
    return [_mark(one, text.text) for one in text.marks]


def mark_word(kinds: Iterable[MarkKind]) -> str:
    """The one word of a list for all marks of a document: the worst; empty without any to look at."""
    found = set(kinds)
    if found & {MarkKind.HIDDEN_COMMAND, MarkKind.DISGUISED_COMMAND}:
        return _("Hidden instructions")
    if MarkKind.COMMAND in found:
        return _("Instructions to a model")
    return _("Hidden text") if MarkKind.HIDDEN in found else ""


def _mark(one: Mark, text: str) -> dict[str, Any]:
    word, why = _marked()[one.kind]
    return {
        "word": word,
        "why": why,
        "page": one.page,
        "before": text[max(0, one.start - _AROUND) : one.start],
        "quote": text[one.start : one.end],
        "after": text[one.end : one.end + _AROUND] if one.end > one.start else "",
        "start": one.start,
        "end": one.end,
        "alarms": one.kind is not MarkKind.TEXT_LAYER,
    }


def _marked() -> dict[MarkKind, tuple[str, str]]:
    return {
        MarkKind.HIDDEN_COMMAND: (
            _("Hidden instructions"),
            _("Words that nobody sees tell a model what to do. They are not used for answers."),
        ),
        MarkKind.DISGUISED_COMMAND: (
            _("Disguised instructions"),
            _("Words spelled in look-alike letters, or encoded, tell a model what to do. They are kept as text."),
        ),
        MarkKind.COMMAND: (
            _("Instructions to a model"),
            _("The text tells a model what to do. It is kept as text; ask who wrote it."),
        ),
        MarkKind.HIDDEN: (
            _("Hidden text"),
            _("Words are hidden in a way that documents have no need of. They are not used for answers."),
        ),
        MarkKind.TEXT_LAYER: (
            _("Text under a picture"),
            _("The words of this page lie unseen under its picture, as text recognition leaves them. They are used."),
        ),
    }


def _labels() -> dict[LeftOutKind, str]:
    return {
        LeftOutKind.HIDDEN: _("Hidden text"),
        LeftOutKind.CHANGE: _("Deleted text"),
        LeftOutKind.COMMENT: _("Comments"),
        LeftOutKind.NOTE: _("Speaker notes"),
        LeftOutKind.ATTACHMENT: _("Attached files"),
        LeftOutKind.DESCRIPTION: _("Alt text (what is read out in place of a picture)"),
        LeftOutKind.PROPERTY: _("Properties"),
    }


def _hidden_by(how: HiddenBy) -> str:
    return {
        HiddenBy.NONE: "",
        HiddenBy.CHARACTERS: _("in characters that nobody sees"),
        HiddenBy.CLIPPED: _("cut off"),
        HiddenBy.COLOUR: _("in the colour of its ground"),
        HiddenBy.FORMAT: _("formatted as hidden"),
        HiddenBy.OFF_PAGE: _("beside the page"),
        HiddenBy.PART: _("in a hidden part"),
        HiddenBy.RENDERING: _("drawn without ink"),
        HiddenBy.SOURCE: _("in the source of the page"),
        HiddenBy.STYLE: _("by the style of the page"),
        HiddenBy.TINY: _("too small to read"),
    }[how]


def _place(one: LeftOut) -> str:
    name = _property(one.place) if one.kind is LeftOutKind.PROPERTY else one.place
    at = {
        Unit.NONE: "",
        Unit.PAGE: _("Page %(number)s"),
        Unit.SLIDE: _("Slide %(number)s"),
        Unit.ROW: _("row %(number)s"),
        Unit.COLUMN: _("column %(number)s"),
    }[one.unit] % {"number": _letters(one.number) if one.unit is Unit.COLUMN else one.number}
    return ", ".join(filter(None, (name, at)))


def _property(name: str) -> str:
    names = {
        "category": _("Category"),
        "creator": _("Author"),
        "description": _("Description"),
        "initial-creator": _("First author"),
        "keyword": _("Keyword"),
        "keywords": _("Keywords"),
        "lastModifiedBy": _("Last changed by"),
        "subject": _("Subject"),
    }
    return names.get(name, name)


def _letters(number: int) -> str:
    """The name of a column: 1 is "A", 27 "AA"."""
    name = ""
    while number:
        number, digit = divmod(number - 1, 26)
        name = chr(65 + digit) + name
    return name
