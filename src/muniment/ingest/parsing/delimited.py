"""CSV and TSV: the delimiter is the one that gives the most even table; every row names its columns."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from muniment.core.cleaning import clean
from muniment.ingest.errors import ParseError, Reason
from muniment.ingest.parsing.building import TextBuilder
from muniment.ingest.parsing.encoding import decode
from muniment.ingest.parsing.rows import RowWriter
from muniment.ingest.types import ExtractedDocument, Limits

CSV = "text/csv"
TSV = "text/tab-separated-values"

_DELIMITERS = ",;\t|"
_TRIED = 50
_SAMPLE = 64 * 1024
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_DECLARED = re.compile(r"sep=([,;\t|])\n", re.IGNORECASE)
"""Excel's own first line."""


def parse_delimited(data: bytes, limits: Limits) -> ExtractedDocument:
    """Raises ParseError: encoding, malformed (a field that never ends), too much text, no text."""
    builder = TextBuilder(limits)
    text = clean(builder.look_through(decode(data)))
    declared = _DECLARED.match(text)
    delimiter = declared[1] if declared else _delimiter(text[:_SAMPLE])
    writer = RowWriter(builder)
    lines = (line[0] for line in _LINE.finditer(text, declared.end() if declared else 0))  # no second copy of it all
    try:
        for row in csv.reader(lines, delimiter=delimiter):
            writer.add(row)
    except csv.Error:
        raise ParseError(Reason.MALFORMED) from None
    writer.end()
    return builder.finish(media_type=TSV if delimiter == "\t" else CSV)


def _delimiter(sample: str) -> str:
    return max(_DELIMITERS, key=lambda delimiter: _evenness(sample, delimiter))


def _evenness(sample: str, delimiter: str) -> float:
    """Columns of the commonest width, weighed by the share of rows that have it; 0 for one column."""
    widths = Counter(_widths(sample, delimiter))
    width, count = widths.most_common(1)[0] if widths else (1, 0)
    return 0.0 if width < 2 else (count / widths.total()) * (1 + width / 1000)


def _widths(sample: str, delimiter: str) -> Iterator[int]:
    rows = csv.reader(io.StringIO(sample), delimiter=delimiter)
    try:
        yield from (len(row) for row in islice(rows, _TRIED) if row)
    except csv.Error:
        return
