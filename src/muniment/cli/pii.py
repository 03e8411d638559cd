"""`muniment pii scan`: what the detector finds in a file, without giving it to an agent."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click

from muniment.cli.acting import json_option
from muniment.cli.progress import progress
from muniment.core.errors import PermanentError
from muniment.ingest.selectors import extract
from muniment.pii.services import find_personal_data
from muniment.pii.types import PiiClass, Selection, Span

_PIECE = 1 << 20
_STANDARD_INPUT = Path("-")


@click.group()
def pii() -> None:
    """Personal data: what is found of it, and where."""


@pii.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--all", "everything", is_flag=True, help="Look also for the classes that are off by default.")
@json_option
def scan(*, file: Path, everything: bool, as_json: bool) -> None:
    """Say what personal data is found in FILE, which is read as a document would be and kept nowhere.

    A FILE of - is standard input.

    Places count characters of the text as it was read, from 0. Nothing of the text itself is printed.
    """
    if file != _STANDARD_INPUT and not file.is_file():
        raise PermanentError(f"There is no file {file}.")
    document = extract(_bytes(file), name=file.name)
    selection = Selection(classes=frozenset(PiiClass)) if everything else Selection()
    with progress("Looking") as at:
        spans = find_personal_data(document.text, selection=selection, on_progress=at)
    click.echo(
        json.dumps({"characters": len(document.text), "spans": [_fields(span) for span in spans]})
        if as_json
        else _told(spans)
    )


def _bytes(file: Path) -> Iterator[bytes]:
    with click.open_file(str(file), "rb") as opened:
        while piece := opened.read(_PIECE):
            yield piece


def _fields(span: Span) -> dict[str, int | float | str]:
    return {"start": span.start, "end": span.end, "class": span.kind.value, "score": span.score}


def _told(spans: tuple[Span, ...]) -> str:
    if not spans:
        return "No personal data was found. This is no proof that there is none."
    counts = Counter(span.kind.value for span in spans)
    lines = [f"{span.start}-{span.end}  {span.kind.value}  {span.score:.2f}" for span in spans]
    return "\n".join([*lines, ", ".join(f"{number} {kind}" for kind, number in counts.most_common())])
