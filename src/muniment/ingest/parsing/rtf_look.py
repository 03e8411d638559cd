"""Whether a word processor shows words of an RTF file: formatted as hidden, coloured like their ground, or tiny.

Styles need no look-up: RTF 1.9.1 repeats what a style says where it is used. Where the ground is not told (in a drawn
shape) words count as shown. Residue accepted: a pattern is taken for its background, and the page for white.
"""

from dataclasses import dataclass, field, replace

from muniment.ingest.parsing.colours import WHITE, Colour, alike
from muniment.ingest.types import HiddenBy

_SMALLEST = 4
"""Half points: below two points nobody reads."""
_USUAL = 24
_AUTOMATIC = 0
"""The colour without parts of its own that a table begins with: the reader's choice."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a group hands down to the groups in it. Colours are numbers of the colour table, `size` half points."""

    is_hidden: bool = False
    size: int = _USUAL
    ink: int = _AUTOMATIC
    marker: int = _AUTOMATIC
    shade: int = _AUTOMATIC
    paragraph: int = _AUTOMATIC
    is_in_shape: bool = False

    def changed(self, word: str, number: int | None) -> "Look | None":
        """After a control word; None where it says nothing of looks."""
        match word:
            case "plain":
                return Look(paragraph=self.paragraph, is_in_shape=self.is_in_shape)
            case "pard":
                return replace(self, paragraph=_AUTOMATIC)
            case "v":
                return replace(self, is_hidden=number != 0)
            case "fs":
                return replace(self, size=_USUAL if number is None else number)
            case "shptxt":
                return replace(self, is_in_shape=True)
        return self._coloured(word, number or _AUTOMATIC)

    def _coloured(self, word: str, colour: int) -> "Look | None":
        match word:
            case "cf":
                return replace(self, ink=colour)
            case "highlight":
                return replace(self, marker=colour)
            case "chcbpat" | "cb":
                return replace(self, shade=colour)
            case "cbpat":
                return replace(self, paragraph=colour)
        return None


@dataclass(slots=True)
class Colours:
    """The colour table as it is read, and the grounds of the cells of the row that is described."""

    _known: list[Colour | None] = field(default_factory=list)
    _parts: dict[str, int] = field(default_factory=dict)
    _cells: list[int] = field(default_factory=list)
    _cell: int = _AUTOMATIC

    def part(self, name: str, number: int | None) -> None:
        """`name`: red, green, blue."""
        self._parts[name] = min(max(number or 0, 0), 255)

    def end(self, count: int) -> None:
        """So many semicolons: a colour ends at each."""
        for _ in range(count):
            told = self._parts
            known = (told.get("red", 0), told.get("green", 0), told.get("blue", 0)) if told else None
            self._known.append(known)
            self._parts = {}

    def row(self) -> None:
        self._cells, self._cell = [], _AUTOMATIC

    def cell(self, number: int | None) -> None:
        self._cell = number or _AUTOMATIC

    def cell_ends(self) -> None:
        self._cells.append(self._cell)
        self._cell = _AUTOMATIC

    def hidden_by(self, look: Look, cell: int | None) -> HiddenBy:
        """How words are kept from showing. `cell`: the number of the cell of the row that they stand in."""
        if look.is_hidden:
            return HiddenBy.FORMAT
        if look.size < _SMALLEST:
            return HiddenBy.TINY
        below = self._cells[cell] if cell is not None and cell < len(self._cells) else _AUTOMATIC
        ground = look.marker or look.shade or look.paragraph or below
        if not ground and look.is_in_shape:
            return HiddenBy.NONE
        is_unseen = alike(self._colour(look.ink), self._colour(ground) or WHITE)
        return HiddenBy.COLOUR if is_unseen else HiddenBy.NONE

    def _colour(self, number: int) -> Colour | None:
        return self._known[number] if 0 <= number < len(self._known) else None
