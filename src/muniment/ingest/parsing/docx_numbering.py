"""The numbers Word shows before paragraphs but does not store: counted here as Word counts (ECMA-376, 17.9).

Without them "Article 5(1)(a)" of a contract would be an unnumbered paragraph, and no citation could name it.
"""

import re
from dataclasses import dataclass, field, replace
from typing import Any, Self

from docx.oxml.ns import qn
from lxml import etree

_MOST_LEVELS = 9
_PLACE = re.compile(r"%([1-9])")
_HUNDREDS = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"))
_ROMAN = (*_HUNDREDS, (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


@dataclass(slots=True)
class _Level:
    style: str = "decimal"
    pattern: str = ""
    start: int = 1


@dataclass(slots=True)
class _List:
    levels: dict[int, _Level]
    counts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """Counts the lists of one document; paragraphs must be told in reading order."""

    def __init__(self, lists: dict[str, _List], styles: dict[str, tuple[str, int]]) -> None:
        self._lists = lists
        self._styles = styles

    @classmethod
    def of(cls, document: Any) -> Self:
        lists: dict[str, _List] = {}
        root = _numbering_root(document)
        if root is not None:
            abstract = {
                each.get(qn("w:abstractNumId")): _List(_levels(each)) for each in root.iterchildren(qn("w:abstractNum"))
            }
            for number in root.iterchildren(qn("w:num")):
                shared = abstract.get(_attribute(number, "w:abstractNumId"), _List({}))
                lists[number.get(qn("w:numId")) or ""] = _restarted(number, shared)
        styles = {}
        for style in document.styles.element.iterchildren(qn("w:style")):
            properties = style.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
            if properties is not None:
                styles[style.get(qn("w:styleId"))] = _place(properties)
        return cls(lists, styles)

    def advance(self, properties: etree._Element | None, style: str) -> tuple[str, int | None]:
        """The number shown before this paragraph, with a blank after it ("" for bullets), and its level.

        ("", None) for a paragraph in no list.
        """
        own = properties.find(qn("w:numPr")) if properties is not None else None
        key, level = _place(own) if own is not None else self._styles.get(style, ("", 0))
        if not key and own is not None:
            key = self._styles.get(style, ("", 0))[0]
        if key in {"", "0"} or key not in self._lists:
            return "", None
        numbered = self._lists[key]
        for deeper in [each for each in numbered.counts if each > level]:
            del numbered.counts[deeper]
        start = numbered.levels.get(level, _Level()).start
        numbered.counts[level] = numbered.counts.get(level, start - 1) + 1
        text = _shown(numbered, level)
        return (f"{text} " if text else ""), level


def _shown(numbered: _List, level: int) -> str:
    own = numbered.levels.get(level, _Level())
    if own.style in {"bullet", "none"}:
        return ""

    def count(match: re.Match[str]) -> str:
        place = int(match[1]) - 1
        shape = numbered.levels.get(place, _Level())
        return _format(numbered.counts.get(place, shape.start), shape.style)

    return _PLACE.sub(count, own.pattern)[:40].strip()


def _format(count: int, style: str) -> str:
    if style in {"lowerLetter", "upperLetter"}:
        letters = chr(ord("a") + (count - 1) % 26) * min(1 + (count - 1) // 26, 8)
        return letters.upper() if style == "upperLetter" else letters
    if style in {"lowerRoman", "upperRoman"}:
        roman = _roman(count)
        return roman.upper() if style == "upperRoman" else roman
    return str(count)


def _roman(count: int) -> str:
    if not 0 < count < 4000:
        return str(count)
    text = ""
    for value, letters in _ROMAN:
        times, count = divmod(count, value)
        text += letters * times
    return text


def _numbering_root(document: Any) -> etree._Element | None:
    try:
        root: etree._Element = document.part.numbering_part.element
    except (KeyError, NotImplementedError):  # python-docx's way to say that the document has no lists
        return None
    return root


def _restarted(number: etree._Element, shared: _List) -> _List:
    """Lists of one kind go on counting together, but for those that say where they start."""
    overrides = number.findall(qn("w:lvlOverride"))
    if not overrides:
        return shared
    levels = dict(shared.levels)
    for override in overrides:
        place = _count(override.get(qn("w:ilvl")), 0)
        if place in levels:
            levels[place] = replace(levels[place], start=_count(_attribute(override, "w:startOverride"), 1))
    return _List(levels)


def _levels(abstract: etree._Element) -> dict[int, _Level]:
    levels = {}
    for level in abstract.iterchildren(qn("w:lvl")):
        place = _count(level.get(qn("w:ilvl")), 0)
        if place < _MOST_LEVELS:
            levels[place] = _Level(
                style=_attribute(level, "w:numFmt") or "decimal",
                pattern=_attribute(level, "w:lvlText"),
                start=_count(_attribute(level, "w:start"), 1),
            )
    return levels


def _place(properties: etree._Element) -> tuple[str, int]:
    return _attribute(properties, "w:numId"), min(_count(_attribute(properties, "w:ilvl"), 0), _MOST_LEVELS - 1)


def _attribute(parent: etree._Element, name: str) -> str:
    child = parent.find(qn(name))
    return "" if child is None else child.get(qn("w:val"), "")


def _count(value: str | None, default: int) -> int:
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 7 else default
