"""RTF 1.9: words, headings, lists, tables and notes; hidden and deleted words, pictures and objects are not read.

Own code: the kept library for it (striprtf) gives one string without structure, and hidden words with it
(docs/decisions/0012-formats.md). The tokens come from `rtf_tokens`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import ClassVar

from muniment.core.cleaning import clean, one_line
from muniment.ingest.errors import ParseError, Reason
from muniment.ingest.parsing.building import TextBuilder
from muniment.ingest.parsing.rtf_look import Colours, Look
from muniment.ingest.parsing.rtf_tokens import Characters, Control, Token, tokens
from muniment.ingest.tables import CELL, as_cell
from muniment.ingest.types import BlockKind, ExtractedDocument, HiddenBy, LeftOutKind, Limits

MEDIA_TYPE = "application/rtf"

_UNREAD_WORDS = """
themedata colorschememapping datastore latentstyles listtable listoverridetable revtbl rsidtbl generator
xmlnstbl pict object objdata fldinst header headerl headerr headerf footer footerl footerr footerf bkmkstart bkmkend
mmathPr atnid atnauthor atndate atnref sp filetbl info nonshppict
"""
_UNREAD = frozenset(_UNREAD_WORDS.split())
_BREAKS = {
    "line": "\n", "tab": "\t", "emdash": "\u2014", "endash": "\u2013", "bullet": "\u2022", "lquote": "\u2018",
    "rquote": "\u2019", "ldblquote": "\u201c", "rdblquote": "\u201d", "emspace": " ", "enspace": " ", "~": "\u00a0",
    "_": "-", "softline": "\n",
}  # fmt: skip
_TABLES = frozenset(["stylesheet", "fonttbl", "colortbl"])
_PARAGRAPHS = frozenset(["par", "sect", "page"])
_DEEPEST = 500
_READ_ANYWHERE = frozenset(["title", "sn", "sv"])
_ALT_TEXT = "wzDescription"
"""The property of a shape or a picture, whose name (`sn`) comes before its value (`sv`)."""


_USUAL = Look()


@dataclass(frozen=True, slots=True)
class _State:
    """What a group hands down to the groups in it."""

    into: str = ""
    """"" for the body, else the destination that takes the words: footnote, annotation, title, a table of the file."""
    is_unread: bool = False
    look: Look = _USUAL
    deleted: bool = False
    font: int = -1


@dataclass(slots=True)
class _Paragraph:
    words: list[str] = field(default_factory=list)
    level: int = 0
    is_item: bool = False
    in_table: bool = False


def parse_rtf(data: bytes, limits: Limits) -> ExtractedDocument:
    """Raises ParseError: damaged (groups left open), too deep, too much text, no text."""
    builder = TextBuilder(limits)
    reader = _Reader(builder)
    for piece in tokens(data):
        reader.take(piece)
    return builder.finish(media_type=MEDIA_TYPE, title=reader.finish())


class _Reader:
    def __init__(self, builder: TextBuilder) -> None:
        self._builder = builder
        self._state = _State()
        self._above: list[_State] = []
        self._starred = False
        self._characters = Characters()
        self._paragraph = _Paragraph()
        self._cells: list[str] = []
        self._rows: list[str] = []
        self._notes: list[str] = []
        self._aside: list[str] = []
        self._title: list[str] = []
        self._property = ""
        self._unseen: dict[HiddenBy, list[str]] = {}
        self._deleted: list[str] = []
        self._colours = Colours()
        self._headings: dict[int, int] = {}
        self._style = 0
        self._style_level = 9
        self._style_name: list[str] = []

    def take(self, piece: Token) -> None:
        if piece == "{":
            self._text()
            self._above.append(self._state)
            if len(self._above) > _DEEPEST:
                raise ParseError(Reason.TOO_DEEP)
        elif piece == "}":
            self._text()
            self._close()
        elif isinstance(piece, Control):
            self._control(piece)
        elif isinstance(piece, bytes):
            self._characters.take(piece, self._state.font)
            return
        self._starred = piece == Control("*", None)

    def finish(self) -> str:
        """The title. Raises ParseError (DAMAGED) where a group was never closed: the file was cut off."""
        if self._above:
            raise ParseError(Reason.DAMAGED)
        self._text()
        self._end_paragraph()
        self._end_table()
        for note in self._notes:
            self._builder.add(BlockKind.PARAGRAPH, note)
        for how, hidden in self._unseen.items():
            if words := "".join(hidden).strip():
                self._builder.leave_out(LeftOutKind.HIDDEN, "", words, hidden_by=how)
        if words := "".join(self._deleted).strip():
            self._builder.leave_out(LeftOutKind.CHANGE, "", words)
        return one_line("".join(self._title))

    def _close(self) -> None:
        if not self._above:
            raise ParseError(Reason.DAMAGED)
        closed, self._state = self._state, self._above.pop()
        if closed.into != self._state.into:
            self._end_destination(closed.into)

    def _end_destination(self, name: str) -> None:
        words, self._aside = clean("".join(self._aside)).strip(), []
        if name == "footnote" and words:
            self._notes.append(words)
        elif name == "annotation" and words:
            self._builder.leave_out(LeftOutKind.COMMENT, "", words)
        elif name == "sn":
            self._property = words
        elif name == "sv" and words and self._property == _ALT_TEXT:
            self._builder.leave_out(LeftOutKind.DESCRIPTION, "", words)

    def _control(self, control: Control) -> None:
        if control.word not in {"u", "'"}:
            self._text()
        if self._state.is_unread and control.word not in _READ_ANYWHERE:
            return
        if look := self._state.look.changed(*control):
            self._state = replace(self._state, look=look)
        if control.word in _BREAKS:
            self._put(_BREAKS[control.word])
        elif control.word in _PARAGRAPHS:
            self._end_of_paragraph()
        elif act := self._ACTS.get(control.word):
            act(self, control.number)
        elif control.word in _UNREAD or (self._starred and control.word != "shpinst"):
            self._state = replace(self._state, is_unread=True)

    def _text(self) -> None:
        """What gathered as characters becomes words of where they stand."""
        if words := self._characters.flush():
            self._put(self._builder.look_through(words))

    def _put(self, words: str) -> None:
        state = self._state
        if state.is_unread:
            return
        if state.into in _TABLES:
            self._described(words)
        elif how := self._colours.hidden_by(state.look, len(self._cells) if self._paragraph.in_table else None):
            self._unseen.setdefault(how, []).append(words)
        elif state.deleted:
            self._deleted.append(words)
        elif state.into == "":
            self._paragraph.words.append(words)
        elif state.into == "title":
            self._title.append(words)
        else:
            self._aside.append(words)

    def _described(self, words: str) -> None:
        if self._state.into == "stylesheet":
            self._named_style(words)
        elif self._state.into == "colortbl":
            self._colours.end(words.count(";"))

    def _named_style(self, words: str) -> None:
        self._style_name.append(words)
        if ";" in words:
            name = "".join(self._style_name).split(";")[0].strip().lower()
            if name.startswith("heading ") and name[8:9].isdigit():
                self._headings[self._style] = int(name[8]) + 1
            elif name == "title":
                self._headings[self._style] = 1
            self._style_name = []

    def _end_of_paragraph(self) -> None:
        if self._state.into == "":
            self._end_paragraph()
        else:
            self._aside.append("\n")

    def _end_paragraph(self) -> None:
        paragraph = self._paragraph
        if paragraph.in_table:
            paragraph.words.append(" ")
            return
        self._end_table()
        text = clean("".join(paragraph.words)).strip()
        self._paragraph = replace(paragraph, words=[], is_item=False)
        if paragraph.level:
            self._builder.add(BlockKind.HEADING, one_line(text), level=paragraph.level)
        else:
            self._builder.add(BlockKind.LIST_ITEM if paragraph.is_item else BlockKind.PARAGRAPH, text)

    def _end_cell(self, _number: int | None) -> None:
        self._cells.append(as_cell("".join(self._paragraph.words)))
        self._paragraph.words = []

    def _end_row(self, _number: int | None) -> None:
        if any(self._cells):
            self._rows.append(CELL.join(self._cells))
        self._cells = []

    def _end_table(self) -> None:
        self._end_row(None)
        self._builder.add(BlockKind.TABLE, "\n".join(self._rows))
        self._rows = []

    def _into(self, name: str) -> None:
        self._state = replace(self._state, into=name, is_unread=False)

    def _plain_paragraph(self, _number: int | None) -> None:
        self._paragraph.level, self._paragraph.in_table = 0, False

    def _set_style(self, number: int | None) -> None:
        self._style = number or 0
        if self._state.into == "":
            self._paragraph.level = self._headings.get(self._style, 0)

    def _set_outline(self, number: int | None) -> None:
        if self._state.into == "" and number is not None and 0 <= number < 9:
            self._paragraph.level = number + 2
        elif self._state.into == "stylesheet" and number is not None and 0 <= number < 9:
            self._headings[self._style] = number + 2

    def _set_font(self, number: int | None) -> None:
        if self._state.into == "fonttbl":
            self._characters.font = number or 0
        self._state = replace(self._state, font=number or 0)

    def _plain(self, _number: int | None) -> None:
        self._state = replace(self._state, deleted=False, font=-1)

    def _in_table(self, _number: int | None) -> None:
        self._paragraph.in_table = self._state.into == ""

    def _item(self, _number: int | None) -> None:
        self._paragraph.is_item = True

    _ACTS: ClassVar[dict[str, Callable[["_Reader", int | None], None]]] = {
        "'": lambda self, number: self._characters.byte(number or 0, self._state.font),
        "u": lambda self, number: self._characters.unicode(number or 0),
        "uc": lambda self, number: self._characters.skip_after(number),
        "ansicpg": lambda self, number: self._characters.code_page(number),
        "fcharset": lambda self, number: self._characters.font_charset(number),
        "f": _set_font,
        "plain": _plain,
        "deleted": lambda self, number: self._delete(number != 0),
        "pard": _plain_paragraph,
        "s": _set_style,
        "outlinelevel": _set_outline,
        "intbl": _in_table,
        "cell": _end_cell,
        "nestcell": _end_cell,
        "row": _end_row,
        "listtext": _item,
        "pntext": _item,
        "footnote": lambda self, _number: self._into("footnote"),
        "annotation": lambda self, _number: self._into("annotation"),
        "title": lambda self, _number: self._into("title"),
        "stylesheet": lambda self, _number: self._into("stylesheet"),
        "sn": lambda self, _number: self._into("sn"),
        "sv": lambda self, _number: self._into("sv"),
        "fonttbl": lambda self, _number: self._into("fonttbl"),
        "colortbl": lambda self, _number: self._into("colortbl"),
        "red": lambda self, number: self._colours.part("red", number),
        "green": lambda self, number: self._colours.part("green", number),
        "blue": lambda self, number: self._colours.part("blue", number),
        "trowd": lambda self, _number: self._colours.row(),
        "clcbpat": lambda self, number: self._colours.cell(number),
        "cellx": lambda self, _number: self._colours.cell_ends(),
    }

    def _delete(self, on: bool) -> None:
        self._state = replace(self._state, deleted=on)
