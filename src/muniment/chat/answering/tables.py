"""Rows among sentences: "Eight | 15 to 17" says little without "Ward | Hours" above it, and that alone says nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from muniment.ingest.tables import is_row, names_columns, spelled_out
from muniment.silo.chunks import StoredChunk

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Row:
    """`header`: the row that names its columns, empty where none does. `above`: that row's position among the
    sentences, its own where it is the header; None where it is not among them.
    """

    header: str
    above: int | None


def rows(text: str, places: Sequence[Place], *, context: str = "") -> dict[int, Row]:
    """The rows of tables among the sentences of `text`, by position.

    `context`: what stands over the text. Its last line is a row where the text goes on with a table that began before.
    """
    found: dict[int, Row] = {}
    carried = context.rpartition("\n")[2]
    for table in _tables(text, places):
        lines = [text[slice(*places[at])] for at in table]
        if is_row(carried) and table.start == 0:
            row = Row(carried, None)
            found |= dict.fromkeys(table, row)
        elif names_columns(lines[0], lines[1:]):
            found |= dict.fromkeys(table, Row(lines[0], table.start))
        else:
            found |= dict.fromkeys(table, Row("", None))
    return found


def spoken(chunk: StoredChunk, places: Sequence[Place]) -> list[str]:
    """The sentences of a chunk as their meaning is looked for: rows with the names of their columns."""
    table = rows(chunk.text, places, context=chunk.context)
    texts = [chunk.text[start:end] for start, end in places]
    return [spelled_out(table[at].header, text) if at in table else text for at, text in enumerate(texts)]


def _tables(text: str, places: Sequence[Place]) -> Iterator[range]:
    """Runs of rows, each on the line after the one before."""
    first = 0
    for at, (start, end) in enumerate(places):
        if not is_row(text[start:end]):
            if at > first:
                yield range(first, at)
            first = at + 1
        elif at > first and text[places[at - 1][1] : start].count("\n") != 1:
            yield range(first, at)
            first = at
    if len(places) > first:
        yield range(first, len(places))
