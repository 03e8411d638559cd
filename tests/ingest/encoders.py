"""The same sections, a title and paragraphs each, as a file of every format: bytes and a name."""

import html
import json
import re
from collections.abc import Callable, Sequence
from email.message import EmailMessage

from tests.ingest import files, office

Section = tuple[str, list[str]]
Encoder = Callable[[Sequence[Section]], tuple[bytes, str]]


def _as_html(sections: Sequence[Section]) -> tuple[bytes, str]:
    return f"<!doctype html><meta charset=utf-8><body>{_markup(sections)}</body>".encode(), "a.html"


def _markup(sections: Sequence[Section]) -> str:
    return "".join(
        f"<h2>{html.escape(title)}</h2>" + "".join(f"<p>{html.escape(text)}</p>" for text in texts)
        for title, texts in sections
    )


def _as_markdown(sections: Sequence[Section]) -> tuple[bytes, str]:
    parts = [f"## {title}\n\n" + "\n\n".join(texts) for title, texts in sections]
    return "\n\n".join(parts).encode(), "a.md"


def _as_text(sections: Sequence[Section]) -> tuple[bytes, str]:
    return "\n\n".join("\n\n".join([title, *texts]) for title, texts in sections).encode(), "a.txt"


def _as_word(sections: Sequence[Section]) -> tuple[bytes, str]:
    found: list[tuple[str, str]] = []
    for title, texts in sections:
        found += [("Heading 1", title), *(("Normal", text) for text in texts)]
    return files.word(found), "a.docx"


def _as_pdf(sections: Sequence[Section]) -> tuple[bytes, str]:
    return files.pdf([_wrapped("\n".join([title, *texts])) for title, texts in sections]), "a.pdf"


def _wrapped(text: str) -> str:
    return re.sub(rf"(.{{1,{files.WIDTH}}})(?: |$)", r"\1\n", text, flags=re.MULTILINE).strip("\n")


def _as_rtf(sections: Sequence[Section]) -> tuple[bytes, str]:
    lines = [
        rf"\pard\s1 {_escaped(title)}\par" + "".join(rf"\pard {_escaped(text)}\par" for text in texts)
        for title, texts in sections
    ]
    return ("{\\rtf1\\ansi{\\stylesheet{\\s1 heading 1;}}" + "".join(lines) + "}").encode(), "a.rtf"


def _escaped(text: str) -> str:
    return "".join(one if one.isascii() else rf"\u{ord(one)}?" for one in text)


def _as_csv(sections: Sequence[Section]) -> tuple[bytes, str]:
    rows = [f"{title};{text}" for title, texts in sections for text in texts]
    return "\n".join(["Title;Text", *rows]).encode(), "a.csv"


def _as_json(sections: Sequence[Section]) -> tuple[bytes, str]:
    found = [{"title": title, "texts": [{"text": text} for text in texts]} for title, texts in sections]
    return json.dumps({"sections": found}).encode(), "a.json"


def _as_subtitles(sections: Sequence[Section]) -> tuple[bytes, str]:
    said = [line for title, texts in sections for line in (title, *texts)]
    cues = [f"{at:02}:{at:02}.000 --> {at:02}:{at:02}.900\n{line}" for at, line in enumerate(said)]
    return "\n\n".join(["WEBVTT", *cues]).encode(), "a.vtt"


def _as_message(sections: Sequence[Section]) -> tuple[bytes, str]:
    made = EmailMessage()
    made["From"], made["Subject"] = "a@example.org", "Sections"
    made.set_content("\n\n".join("\n\n".join([title, *texts]) for title, texts in sections))
    return made.as_bytes(), "a.eml"


def _as_workbook(sections: Sequence[Section]) -> tuple[bytes, str]:
    rows = [[title, text] for title, texts in sections for text in texts]
    return office.workbook({"Sections": [["Title", "Text"], *rows]}), "a.xlsx"


def _as_open_sheet(sections: Sequence[Section]) -> tuple[bytes, str]:
    rows = "".join(office.row(title, text) for title, texts in sections for text in texts)
    return office.odf("spreadsheet", f"<table:table>{office.row('Title', 'Text')}{rows}</table:table>"), "a.ods"


def _as_slides(sections: Sequence[Section]) -> tuple[bytes, str]:
    return office.presentation(sections), "a.pptx"


def _as_open_slides(sections: Sequence[Section]) -> tuple[bytes, str]:
    return office.odf("presentation", "".join(f"<draw:page>{_open_text([one])}</draw:page>" for one in sections)), ""


def _as_open_text(sections: Sequence[Section]) -> tuple[bytes, str]:
    return office.odf("text", _open_text(sections)), "a.odt"


def _open_text(sections: Sequence[Section]) -> str:
    return "".join(
        f'<text:h text:outline-level="1">{html.escape(title)}</text:h>'
        + "".join(f"<text:p>{html.escape(text)}</text:p>" for text in texts)
        for title, texts in sections
    )


def _as_book(sections: Sequence[Section]) -> tuple[bytes, str]:
    return office.book([_markup([section]) for section in sections]), "a.epub"


FORMATS: dict[str, Encoder] = {
    "html": _as_html, "markdown": _as_markdown, "text": _as_text, "docx": _as_word, "pdf": _as_pdf, "rtf": _as_rtf,
    "odt": _as_open_text, "odp": _as_open_slides, "pptx": _as_slides, "epub": _as_book,
}  # fmt: skip
"""Those whose text is what was written and nothing else."""
RECORDS: dict[str, Encoder] = {
    "csv": _as_csv, "json": _as_json, "subtitles": _as_subtitles, "message": _as_message,
    "xlsx": _as_workbook, "ods": _as_open_sheet,
}  # fmt: skip
"""Those that add names of columns, headers or times."""
