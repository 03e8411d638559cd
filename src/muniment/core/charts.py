"""Where the marks of a small chart stand, in units of a fixed drawing; the page draws them as SVG attributes.

Numbers, not styles: inline styles are refused by our Content-Security-Policy, and geometry can be tested.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, log10

WIDTH = 640.0
HEIGHT = 200.0
LEFT = 48.0
TOP = 12.0
BOTTOM = 28.0
FLOOR = HEIGHT - BOTTOM


@dataclass(frozen=True)
class Mark:
    """One value: its bar (x, y, width, height) or its point (middle, y), and its label."""

    label: str
    value: float
    x: float
    y: float
    width: float
    height: float
    middle: float
    named: bool


@dataclass(frozen=True)
class Tick:
    value: float
    y: float


@dataclass(frozen=True)
class Drawing:
    """A drawing of WIDTH x HEIGHT units, value 0 at FLOOR."""

    marks: tuple[Mark, ...]
    ticks: tuple[Tick, ...]
    path: str


def round_up(value: float) -> float:
    """The next 1, 2, 2.5 or 5 times a power of ten: a scale people read without counting."""
    if value <= 0:
        return 1.0
    power = 10.0 ** floor(log10(value))
    return next(step * power for step in (1.0, 2.0, 2.5, 5.0, 10.0) if step * power >= value)


def _drawing(rows: Sequence[tuple[str, float]], *, fill: float) -> Drawing:
    top = round_up(max((value for _, value in rows), default=0.0))
    step = (WIDTH - LEFT) / max(len(rows), 1)
    every = -(-len(rows) // 12)  # at most a dozen labels: more would run into each other
    marks = []
    for index, (label, value) in enumerate(rows):
        height = (FLOOR - TOP) * value / top
        middle = LEFT + step * (index + 0.5)
        width = min(step * fill, 48.0)
        marks.append(
            Mark(
                label,
                value,
                round(middle - width / 2, 1),
                round(FLOOR - height, 1),
                round(width, 1),
                round(height, 1),
                round(middle, 1),
                index % max(every, 1) == 0,
            )
        )
    ticks = tuple(Tick(top * part, round(FLOOR - (FLOOR - TOP) * part, 1)) for part in (0.0, 0.5, 1.0))
    path = "M" + " L".join(f"{mark.middle} {mark.y}" for mark in marks) if marks else ""
    return Drawing(tuple(marks), ticks, path)


def bars(rows: Sequence[tuple[str, float]]) -> Drawing:
    return _drawing(rows, fill=0.64)


def line(rows: Sequence[tuple[str, float]]) -> Drawing:
    return _drawing(rows, fill=0.0)
