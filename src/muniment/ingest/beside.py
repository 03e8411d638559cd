"""What a document holds beside its text, and what about it a person should know: parts of an `ExtractedDocument`."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

MOST_LEFT_OUT = 200
LONGEST_LEFT_OUT = 1_000
"""Characters of a place or of a text that was left out."""
MOST_MARKS = 200


class LeftOutKind(StrEnum):
    ATTACHMENT = "attachment"
    CHANGE = "change"
    COMMENT = "comment"
    DESCRIPTION = "description"
    """of a picture: what is read out to who does not see it"""
    HIDDEN = "hidden"
    NOTE = "note"
    PROPERTY = "property"


class Unit(StrEnum):
    """What the number of a place counts."""

    NONE = ""
    PAGE = "page"
    SLIDE = "slide"
    ROW = "row"
    COLUMN = "column"


PAGES = frozenset([Unit.PAGE, Unit.SLIDE])


class HiddenBy(StrEnum):
    """How words were kept from showing."""

    NONE = ""
    CHARACTERS = "characters"
    """spelled in characters that nobody sees"""
    CLIPPED = "clipped"
    COLOUR = "colour"
    """of the ground they stand on, or transparent"""
    FORMAT = "format"
    """formatted as hidden: by the program that a person hides words with"""
    OFF_PAGE = "off_page"
    PART = "part"
    """in a row, column, sheet, slide, shape or section that is hidden as a whole"""
    RENDERING = "rendering"
    """drawn in a way that leaves no ink (PDF)"""
    SOURCE = "source"
    """in a comment of the page's source"""
    STYLE = "style"
    """by the style or an attribute of a web page, as menus and words for screen readers are"""
    TINY = "tiny"


MEANT = frozenset({
    HiddenBy.CHARACTERS, HiddenBy.CLIPPED, HiddenBy.COLOUR, HiddenBy.FORMAT, HiddenBy.OFF_PAGE, HiddenBy.RENDERING,
    HiddenBy.TINY,
})  # fmt: skip
"""Ways of hiding that a document has for no reason of its own: words hidden so are marked whatever they say. Hidden
rows, slides and menus are part of honest work: they are marked where they command."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something found in the file beside its text: it is shown as what it is and, unless `is_read`, answers nothing.

    `place` is a name (of a sheet, a file, an author), `unit` and `number` say where under it; `text` holds its words or
    its kind. All short, any perhaps empty. `hidden_by` is told of hidden words alone. `is_read`: the agent's owner
    chose that such words are read along; all of them stand in the text.
    """

    kind: LeftOutKind
    place: str
    text: str = ""
    unit: Unit = Unit.NONE
    number: int = 0
    hidden_by: HiddenBy = HiddenBy.NONE
    is_read: bool = False

    def to_fields(self) -> list[str | int]:
        where = [self.unit.value, self.number]
        return [self.kind.value, self.place, self.text, *where, self.hidden_by.value, int(self.is_read)]

    @classmethod
    def from_fields(cls, fields: Sequence[Any]) -> "LeftOut":
        """Raises ValueError, TypeError. Before format 3 there were three fields, and slides were named in English."""
        kind, place, text, *later = fields
        unit, number, hidden_by, *read = later or ("", 0, "")
        return cls(LeftOutKind(kind), place, text, Unit(unit), number, HiddenBy(hidden_by), read == [1])


class MarkKind(StrEnum):
    HIDDEN = "hidden"
    """words that nobody sees were found, hidden as no document needs it"""
    COMMAND = "command"
    """words that command a model, in plain sight"""
    HIDDEN_COMMAND = "hidden_command"
    DISGUISED_COMMAND = "disguised_command"
    """spelled in look-alike letters, or encoded"""
    TEXT_LAYER = "text_layer"
    """the words of this page lie unseen under its picture, as text recognition leaves them: nobody can compare them"""


@dataclass(frozen=True, slots=True)
class RecognisedWord:
    """A word that was read from a picture: its place in the text, and on its page in ten-thousandths, from top left."""

    start: int
    end: int
    left: int
    top: int
    right: int
    bottom: int


ALARMING = frozenset(MarkKind) - {MarkKind.TEXT_LAYER}


@dataclass(frozen=True, slots=True)
class Mark:
    """Something to look at: in the text from `start` to `end`, or (start == end) beside it there."""

    kind: MarkKind
    page: int | None
    start: int
    end: int

    def to_fields(self) -> list[str | int | None]:
        return [self.kind.value, self.page, self.start, self.end]

    @classmethod
    def from_fields(cls, fields: Sequence[Any]) -> "Mark":
        """Raises ValueError, TypeError."""
        kind, page, start, end = fields
        return cls(MarkKind(kind), page, start, end)
