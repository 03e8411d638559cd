"""Collect what is marked for translation into the catalogs, and compile them: `make texts`.

Why Babel and not Django's makemessages: docs/decisions/0028-german.md. Two runs write the same bytes: messages are
sorted, places name files without lines, and no date is written.
"""

import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).resolve().parent.parent / "src/muniment"
CATALOGS = PACKAGE / "locale"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


def sources() -> Iterator[tuple[str, str]]:
    """Place and Python text of each file that may mark something; a template is turned into calls of gettext."""
    from django.utils.translation.template import templatize  # noqa: PLC0415 - asks for settings when imported

    for file in sorted(PACKAGE.rglob("*.py")):
        yield file.relative_to(PACKAGE).as_posix(), file.read_text(encoding="utf-8")
    for file in sorted((PACKAGE / "templates").rglob("*")):
        if file.is_file():
            calls = templatize(file.read_text(encoding="utf-8"))
            # What was blanked out keeps its indentation, at which Python's tokeniser would stumble.
            lines = (line.lstrip() for line in calls.splitlines())
            yield file.relative_to(PACKAGE).as_posix(), "\n".join(lines) + "\n"


def marked() -> Catalog:
    """Every message that templates and code mark, without translations."""
    found = Catalog()
    for place, text in sources():
        for _line, message, _comments, context in extract("python", io.BytesIO(text.encode()), KEYWORDS):
            found.add(message, locations=[(place, 1)], context=context)
    return found


def read(language: str) -> Catalog:
    return read_po(io.BytesIO(_file(language, "po").read_bytes()), locale=language)


def renewed(old: Catalog, found: Catalog) -> Catalog:
    """What is marked now, with the translations there are. Nothing is guessed, and nothing obsolete is kept."""
    new = Undated(locale=old.locale, fuzzy=False)
    for message in found:
        if message.id:
            known = old.get(message.id, message.context)
            string = known.string if known else None
            new.add(message.id, string, sorted(set(message.locations)), message.flags, context=message.context)
    return new


class Undated(Catalog):
    """Its header says what gettext needs, the encoding and the plural forms: no date, no names."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        return [
            ("Language", str(self.locale)),
            ("Plural-Forms", self.plural_forms),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
        ]


def as_po(catalog: Catalog) -> bytes:
    body = io.BytesIO()
    write_po(body, catalog, width=120, omit_header=True, sort_output=True, include_lineno=False)
    lines = "".join(f'"{name}: {value}\\n"\n' for name, value in catalog.mime_headers)
    comment = f"# {catalog.locale.english_name} words of Muniment. Collected and compiled by `make texts`.\n"
    return f'{comment}msgid ""\nmsgstr ""\n{lines}\n'.encode() + body.getvalue()


def as_mo(catalog: Catalog) -> bytes:
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    return compiled.getvalue()


def _file(language: str, ending: str) -> Path:
    return CATALOGS / language / "LC_MESSAGES" / f"django.{ending}"


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "muniment.settings")
    found = marked()
    for folder in sorted(CATALOGS.iterdir()):
        catalog = renewed(read(folder.name), found)
        _file(folder.name, "po").write_bytes(as_po(catalog))
        _file(folder.name, "mo").write_bytes(as_mo(catalog))
        missing = sum(1 for message in catalog if message.id and not all(_strings(message.string)))
        sys.stdout.write(f"{folder.name}: {len(catalog)} messages, {missing} without a translation\n")
    return 0


def _strings(string: str | tuple[str, ...] | None) -> tuple[str, ...]:
    return string if isinstance(string, tuple) else (string or "",)


if __name__ == "__main__":
    sys.exit(main())
