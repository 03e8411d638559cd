"""How an element of a web page looks, as far as it keeps words from showing: its style, its attributes, and the simple
rules (`.class`, `#id`, `tag`) of the style sheets within the page.

Attack stopped: words that only the machine would read. Residue accepted: what style sheets outside of the page, scripts
and selectors of several parts hide; white words are taken for shown where their ground cannot be told.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from lxml import etree

from muniment.ingest.parsing.colours import WHITE, Colour, alike, colour, is_transparent
from muniment.ingest.types import HiddenBy

_ZERO = r"(?:0+(?:\.0+)?|\.0+)(?:px|pt|em|rem|ex|%|vh|vw)?"
_GONE = {
    "display": re.compile("none"), "visibility": re.compile("hidden|collapse"), "opacity": re.compile(_ZERO),
    "font-size": re.compile(_ZERO), "content-visibility": re.compile("hidden"),
}  # fmt: skip
"""Not drawn at all: menus, steps of a form, words before a letter."""
_TINY = re.compile(r"(\d{0,3}\.?\d{1,6})(px|pt|em|rem)")
_POINTS = {"px": 0.75, "pt": 1.0, "em": 10.0, "rem": 12.0}
_SMALLEST = 2.0
_FAR = re.compile(r"-\s*(\d{3,7})(?:\.\d+)?(px|pt|em|rem|%|vw|vh)?")
_FAR_AWAY = 400
_SHEET_RULE = re.compile(r"([^{}@]{1,400})\{([^{}]{0,4000})\}")
_SIMPLE = re.compile(r"(?:[a-z][a-z0-9]*|\*)?(?:[.#][\w-]{1,100})?", re.IGNORECASE)
_REMARK = re.compile(r"/\*.{0,10000}?\*/", re.DOTALL)
_MOST_CSS = 500_000
_MOST_RULES = 5_000
_TOLD = frozenset([*_GONE, "color", "background", "background-color", "background-image", "text-indent", "left", "top",
                   "right", "position", "clip", "clip-path", "width", "height", "overflow", "transform"])  # fmt: skip

Styles = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Look:
    """What an element hands down to those in it."""

    colour: Colour | None = (0, 0, 0)
    ground: Colour | None = WHITE
    hidden_by: HiddenBy = HiddenBy.NONE


@dataclass(frozen=True, slots=True)
class Sheet:
    """The simple rules of a page, by selector; `is_alone`: nothing else can give it colours."""

    rules: dict[str, dict[str, str]] = field(default_factory=dict)
    is_alone: bool = True

    @classmethod
    def of(cls, root: etree._Element) -> "Sheet":
        css = _REMARK.sub("", "\n".join(style.text or "" for style in root.iter("style"))[:_MOST_CSS])
        rules: dict[str, dict[str, str]] = {}
        has_outer = any("stylesheet" in (link.get("rel") or "").lower() for link in root.iter("link"))
        is_alone = not has_outer and "@import" not in css
        for count, rule in enumerate(_SHEET_RULE.finditer(css)):
            if count == _MOST_RULES:
                break
            told = _declared(rule[2])
            for selector in map(str.strip, rule[1].split(",")):
                if told and _SIMPLE.fullmatch(selector):
                    rules.setdefault(selector.lower(), {}).update(told)
                elif any(name.startswith("background") for name in told):
                    is_alone = False
        return cls(rules, is_alone)

    def look(self) -> Look:
        """Of the page, before its first element."""
        return Look(ground=WHITE if self.is_alone else None)

    def within(self, element: etree._Element, above: Look) -> Look:
        """How an element looks that lies in one of the look `above`."""
        hidden = element.get("hidden") is not None or element.get("aria-hidden", "").lower() == "true"
        if hidden:
            return replace(above, hidden_by=HiddenBy.STYLE)
        styles = dict(self._styles(element))
        return _look(styles, above) if styles else above

    def _styles(self, element: etree._Element) -> Iterator[tuple[str, str]]:
        tag = element.tag
        if self.rules:
            for selector in _selectors(tag, element):
                yield from self.rules.get(selector, {}).items()
        if (ground := element.get("bgcolor")) is not None:
            yield "background-color", ground
        if tag == "font" and (own := element.get("color")) is not None:
            yield "color", own
        if (style := element.get("style")) is not None:
            yield from _declared(style).items()


def _selectors(tag: str, element: etree._Element) -> Iterator[str]:
    yield from ("*", tag)
    for name in (element.get("class") or "").lower().split()[:20]:
        yield from (f".{name}", f"{tag}.{name}")
    if identifier := (element.get("id") or "").lower():
        yield from (f"#{identifier}", f"{tag}#{identifier}")


def _declared(style: str) -> dict[str, str]:
    pairs = (declaration.partition(":") for declaration in style.lower().split(";"))
    told = ((name.strip(), value.replace("!important", "").strip()) for name, _, value in pairs)
    return {name: value for name, value in told if name in _TOLD}


def _look(styles: Styles, above: Look) -> Look:
    ground = above.ground
    for name in ("background-image", "background-color", "background"):
        if (value := styles.get(name)) is not None and not is_transparent(value) and value not in {"none", "inherit"}:
            ground = _ground(value)
    ink = above.colour
    if (value := styles.get("color")) is not None:
        ink = ground if is_transparent(value) else colour(value)
    hidden_by = _hidden_by(styles)
    if not hidden_by and above.hidden_by is HiddenBy.TINY and "font-size" not in styles:
        hidden_by = HiddenBy.TINY
    if not hidden_by and (alike(ink, ground) or is_transparent(styles.get("color", ""))):
        hidden_by = HiddenBy.COLOUR
    return Look(ink, ground, hidden_by)


def _ground(value: str) -> Colour | None:
    """None where it is a picture, a gradient or a name nobody knows."""
    return (
        None
        if "url(" in value or "gradient" in value
        else next(filter(None, map(colour, [value, *value.split()])), None)
    )


def _hidden_by(styles: Styles) -> HiddenBy:
    if any(pattern.fullmatch(styles.get(name, "")) for name, pattern in _GONE.items()):
        return HiddenBy.STYLE
    box = {name: styles.get(name, "") for name in ("width", "height")}
    is_cut = styles.get("overflow") == "hidden" and any(re.fullmatch(r"[01](?:px)?", value) for value in box.values())
    clip = styles.get("clip", "").replace(" ", "") + styles.get("clip-path", "").replace(" ", "")
    if is_cut or clip.startswith(("rect(0", "rect(1px", "inset(50%", "inset(100%", "circle(0")):
        return HiddenBy.STYLE  # for screen readers, as a rule
    if (found := _TINY.fullmatch(styles.get("font-size", ""))) and float(found[1]) * _POINTS[found[2]] < _SMALLEST:
        return HiddenBy.TINY
    places = [styles.get(name, "") for name in ("text-indent", "left", "top", "right")]
    if any((found := _FAR.fullmatch(place)) and int(found[1]) >= _FAR_AWAY for place in places):
        return HiddenBy.OFF_PAGE
    return HiddenBy.NONE
