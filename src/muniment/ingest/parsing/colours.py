"""Colours as formats write them, and whether words of one show on a ground of another."""

import re

Colour = tuple[int, int, int]

WHITE: Colour = (255, 255, 255)
_NAMES: dict[str, Colour] = {
    "white": WHITE, "black": (0, 0, 0), "snow": (255, 250, 250), "ivory": (255, 255, 240),
    "ghostwhite": (248, 248, 255),
    "whitesmoke": (245, 245, 245), "floralwhite": (255, 250, 240), "azure": (240, 255, 255), "red": (255, 0, 0),
    "mintcream": (245, 255, 250), "aliceblue": (240, 248, 255), "seashell": (255, 245, 238), "gray": (128, 128, 128),
    "grey": (128, 128, 128), "silver": (192, 192, 192), "yellow": (255, 255, 0), "blue": (0, 0, 255),
    "green": (0, 128, 0), "navy": (0, 0, 128), "lightyellow": (255, 255, 224), "beige": (245, 245, 220),
}  # fmt: skip
_HEX = re.compile(r"#?([0-9a-f]{6}|[0-9a-f]{3})(?:[0-9a-f]{2})?")
_RGB = re.compile(r"rgba?\(\s*(\d{1,3})\s*[, ]\s*(\d{1,3})\s*[, ]\s*(\d{1,3})\s*(?:[,/]\s*(\d*\.?\d+%?)\s*)?\)")
_ALIKE = 14
"""Of 255, in each part: as near to one another nobody tells them apart on paper or on a screen."""


def colour(written: str) -> Colour | None:
    """`#fff`, `FFFFFF`, `rgb(255, 255, 255)`, `white`; None for what is no colour of its own, such as "auto"."""
    text = written.strip().lower()
    if named := _NAMES.get(text):
        return named
    if found := _HEX.fullmatch(text):
        digits = found[1] if len(found[1]) == 6 else "".join(2 * digit for digit in found[1])
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)
    if (found := _RGB.fullmatch(text)) and not is_transparent(text):
        return min(int(found[1]), 255), min(int(found[2]), 255), min(int(found[3]), 255)
    return None


def is_transparent(written: str) -> bool:
    text = written.strip().lower()
    found = _RGB.fullmatch(text)
    return text == "transparent" or bool(found and found[4] and float(found[4].rstrip("%")) == 0)


def alike(one: Colour | None, other: Colour | None) -> bool:
    """Whether words of one colour do not show on the other; never where one is not known."""
    return one is not None and other is not None and all(
        abs(first - second) <= _ALIKE for first, second in zip(one, other, strict=True)
    )  # fmt: skip
