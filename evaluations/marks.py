"""How many honest documents are flagged for hidden words or instructions: laws, science, pages on this machine.

Takes about two minutes.
"""

import textwrap
from collections.abc import Iterator
from pathlib import Path

from evaluations.corpus import FOLDER, abstracts
from muniment.ingest.beside import ALARMING
from muniment.ingest.errors import ParseError
from muniment.ingest.parsing.reader import read
from muniment.ingest.types import Limits
from tests.ingest import files, hiding

PAGES = Path("/usr/share")
MOST = 600


def main() -> None:
    print("| documents | read | flagged | asked for |\n| --- | --- | --- | --- |")
    for what, some in {
        "SciFact abstracts, as text": _abstracts("txt"),
        "the first 500 of them, as PDF": _abstracts("pdf"),
        "the first 500 of them, as DOCX": _abstracts("docx"),
        "the General Data Protection Regulation, ASVS and other shared files": _shared(),
        f"HTML, Markdown and PDF under {PAGES} of this machine, at most {MOST}": _installed(),
    }.items():
        results = [result for result in map(_is_flagged, some) if result is not None]
        print(f"| {what} | {len(results)} | {_share(sum(results), len(results))} | ≤ 1 % |")
    planted = [(name, data) for name, data, _ in hiding.documents(hiding.COMMAND).values()]
    flagged = [result for result in map(_is_flagged, planted) if result is not None]
    share = _share(sum(flagged), len(flagged))
    print(f"| files with an instruction hidden in one way each | {len(flagged)} | {share} | all |")


def _share(count: int, of: int) -> str:
    return f"{count} ({count / max(of, 1):.1%})"


def _is_flagged(file: tuple[str, bytes]) -> bool | None:
    """None where the file cannot be read."""
    name, data = file
    try:
        document = read(data, name_hint=name, limits=Limits(), on_progress=lambda _done, _total: None)
    except ParseError:
        return None
    return any(mark.kind in ALARMING for mark in document.marks)


def _abstracts(ending: str) -> Iterator[tuple[str, bytes]]:
    for text in abstracts(None if ending == "txt" else 500):
        yield f"a.{ending}", _made(ending, text)


def _made(ending: str, text: str) -> bytes:
    if ending == "docx":
        return files.word([("Normal", paragraph) for paragraph in text.split("\n\n")])
    if ending == "pdf":
        lines = [line for paragraph in text.split("\n\n") for line in textwrap.wrap(paragraph, files.WIDTH)]
        pages = ("\n".join(lines[at : at + 50]) for at in range(0, len(lines), 50))
        return files.pdf([page.encode("cp1252", "replace").decode("cp1252") for page in pages])
    return text.encode()


def _shared() -> Iterator[tuple[str, bytes]]:
    for path in sorted(FOLDER.parent.rglob("*")):
        if path.suffix in {".txt", ".html", ".csv", ".json", ".md"} and path.stat().st_size < 20 * 2**20:
            yield path.name, path.read_bytes()


def _installed() -> Iterator[tuple[str, bytes]]:
    endings = ("*.html", "*.md", "*.pdf")
    found = sorted(path for ending in endings for path in PAGES.rglob(ending) if path.is_file())
    yield from ((path.name, path.read_bytes()) for path in found[:MOST])


if __name__ == "__main__":
    main()
