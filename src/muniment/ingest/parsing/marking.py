"""What is listed beside the text of a document, and what of all of it is marked for a person to look at."""

from collections.abc import Sequence

from muniment.core.cleaning import clean, one_line
from muniment.ingest.beside import MEANT, PAGES
from muniment.ingest.parsing.commands import commands, find_commands, says_command
from muniment.ingest.parsing.unseen import unseen_words
from muniment.ingest.types import (
    LONGEST_LEFT_OUT,
    MOST_LEFT_OUT,
    MOST_MARKS,
    HiddenBy,
    LeftOut,
    LeftOutKind,
    Mark,
    MarkKind,
    Unit,
)

_LONGEST_PLACE = 200
_CUT = LONGEST_LEFT_OUT - 1
_FEWEST = 2
"""Letters or digits of hidden words worth a mark: pages are strewn with white dots and blanks."""


class Marking:
    """Attack stopped: a command to a model that no reader of the page sees, or that stands behind so much else that the
    list ends before it: what commands has its place in the list whatever came before.
    """

    def __init__(self) -> None:
        self._left_out: list[LeftOut] = []
        self._commanding: set[int] = set()
        """Places in that list which are not given up for another."""
        self._marks: list[Mark] = []

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        return tuple(self._left_out)

    @property
    def marks(self) -> tuple[Mark, ...]:
        """In the order of the text; each once."""
        return tuple(sorted(dict.fromkeys(self._marks), key=lambda one: (one.start, one.end)))

    def add(self, kind: MarkKind, page: int | None, start: int, end: int) -> None:
        if len(self._marks) < MOST_MARKS:
            self._marks.append(Mark(kind, page, start, end))

    def leave_out(
        self,
        kind: LeftOutKind,
        place: str,
        text: str,
        *,
        unit: Unit,
        number: int,
        hidden_by: HiddenBy,
        at: int,
        is_read: bool = False,
    ) -> bool:
        """Lists the first so many, each cut where it gets long; all of its words are looked at before.

        Whether they are read along: as asked, but for words that command a model.
        """
        place, text = one_line(place)[:_LONGEST_PLACE], clean(text).strip()
        page = number if unit in PAGES else None
        is_command = commands(text) if kind is LeftOutKind.HIDDEN else says_command(text)
        if is_command:
            self.add(MarkKind.HIDDEN_COMMAND, page, at, at)
        elif hidden_by in MEANT and sum(map(str.isalnum, text)) >= _FEWEST:
            self.add(MarkKind.HIDDEN, page, at, at)
        cut = text if len(text) <= LONGEST_LEFT_OUT else text[:_CUT] + "…"
        is_read = is_read and not is_command
        self._list(LeftOut(kind, place, cut, unit, number, hidden_by, is_read), is_command=is_command)
        return is_read

    def _list(self, one: LeftOut, *, is_command: bool) -> None:
        if len(self._left_out) == MOST_LEFT_OUT:
            free = next((at for at in range(MOST_LEFT_OUT - 1, -1, -1) if at not in self._commanding), None)
            if not is_command or free is None:
                return
            self._left_out[free] = one
            self._commanding.add(free)
            return
        if is_command:
            self._commanding.add(len(self._left_out))
        self._left_out.append(one)

    def look_through(self, raw: str, *, page: int | None, at: int) -> None:
        """Lists what invisible characters said."""
        for words in unseen_words(raw):
            unit = Unit.NONE if page is None else Unit.PAGE
            self.leave_out(
                LeftOutKind.HIDDEN, "", words, unit=unit, number=page or 0, hidden_by=HiddenBy.CHARACTERS, at=at
            )
            if not words.strip():  # nobody can read it, and it is there
                self.add(MarkKind.HIDDEN, page, at, at)

    def look_at(self, text: str, words: Sequence[str], pages: Sequence[tuple[int, int]]) -> None:
        """Marks commands in plain sight. `words`: the text split at its blanks."""
        for one in find_commands(text, words):
            kind = MarkKind.DISGUISED_COMMAND if one.is_disguised else MarkKind.COMMAND
            page = next((number for number, (_, end) in enumerate(pages, 1) if one.start < end), None)
            self.add(kind, page, one.start, one.end)
