"""Collect what is marked for translation into the catalogs, and compile them: `make texts`.

Why Babel and not Django's makemessages: docs/decisions/0028-german.md. The sentences of errors bear
no mark: they are collected from the syntax tree, where they are raised. Two runs write the same bytes: messages are
sorted, places name files without lines, and no date is written.
"""

import ast
import builtins
import io
import os
import sys
from collections.abc import Iterator, Mapping
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
ROOMS = (
    "accounts",
    "agents",
    "chat",
    "core",
    "credits",
    "crypto",
    "ingest",
    "llm",
    "pii",
    "scim",
    "silo",
    "sso",
    "teams",
)
"""Whose errors reach pages. Those of the others are read in a shell, in a log or by a program."""
UNSEEN = {
    "CorruptedError",
    "DetectorModelError",
    "FrameError",
    "KeyRefusedError",
    "KeyringDamagedError",
    "ModelFileError",
    "RegistryError",
    "RootKeyError",
}
UNSEEN |= {"SettingsError", "TokenRefusedError", "TooManyRequestsError"}
"""No page shows these: a start that is refused, a damage that is logged, what a program is answered."""
TABLES = {"SENTENCES", "_SENTENCES"}


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
    for place, sentence in raised():
        found.add(sentence, locations=[(place, 1)])
    return found


def raised() -> Iterator[tuple[str, str]]:
    """Place and sentence of each error that a page may show."""
    for room in ROOMS:
        for file in sorted((PACKAGE / room).rglob("*.py")):
            for sentence in sentences(ast.parse(file.read_text(encoding="utf-8"))):
                yield file.relative_to(PACKAGE).as_posix(), sentence


def sentences(module: ast.Module) -> Iterator[str]:
    """What errors are made with, as a constant, a constant's name or an f-string of such, and what tables of sentences
    hold. A sentence that is put together otherwise has no translation, and none is looked for.
    """
    constants: dict[str, str | int] = {}
    for node in module.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=int(number))):
                constants[name] = number
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                if (text := constant(value, constants)) is not None:
                    constants[name] = text
                elif name in TABLES and isinstance(value, ast.Dict):
                    yield from filter(None, (constant(entry, constants) for entry in value.values))
    for node in ast.walk(module):
        if isinstance(node, ast.ClassDef) and is_shown(node.name):
            inits = [one for one in ast.walk(node) if isinstance(one, ast.Call) and is_init(one.func)]
            for one in inits:
                yield from said(one, constants)
        elif isinstance(node, ast.Call) and is_error(node.func):
            yield from said(node, constants)


def is_error(called: ast.expr) -> bool:
    """An error's class, or a word that stands in its sentence; or `refused`, which makes errors of a kind."""
    match called:
        case ast.Name(id=name):
            return name in {"Term", "refused"} or is_shown(name)
        case ast.Attribute(attr="refused"):
            return True
    return False


def is_init(called: ast.expr) -> bool:
    return isinstance(called, ast.Attribute) and called.attr == "__init__"


def is_shown(name: str) -> bool:
    return name.endswith("Error") and name not in UNSEEN and not hasattr(builtins, name)


def said(call: ast.Call, constants: Mapping[str, str | int]) -> list[str]:
    """The first argument that is a sentence, or one of two: before it may stand the reason, a word for the log."""
    for one in call.args:
        either = (one.body, one.orelse) if isinstance(one, ast.IfExp) else (one,)
        if texts := [text for each in either if (text := constant(each, constants))]:
            return texts
    return []


def constant(value: ast.expr, constants: Mapping[str, str | int]) -> str | None:
    """The text, where it is known without running anything; None where it is not. A number is one within a text."""
    match value:
        case ast.Constant(value=str(text)):
            return text
        case ast.Name(id=name):
            return text if isinstance(text := constants.get(name), str) else None
        case ast.FormattedValue(value=inner, conversion=-1, format_spec=None):
            return number(inner, constants) or constant(inner, constants)
        case ast.JoinedStr(values=parts):
            texts = [constant(part, constants) for part in parts]
            return None if None in texts else "".join(text for text in texts if text)
        case ast.Call(func=ast.Name(id="gettext_noop" | "_" | "Term"), args=[ast.expr() as inner]):
            return constant(inner, constants)
    return None


def number(value: ast.expr, constants: Mapping[str, str | int]) -> str | None:
    known = constants.get(value.id) if isinstance(value, ast.Name) else None
    return str(known) if isinstance(known, int) else None


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
