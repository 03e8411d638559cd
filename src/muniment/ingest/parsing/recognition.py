"""Words of a picture, by tesseract within this very process: nothing is executed, nothing is opened.

Its language data is loaded before the first child is forked (`load`), so that behind the walls it only computes: the
library is that of the wheel, which reads no file and starts no thread once it is loaded. Why this way:
docs/decisions/0016-reading-pictures.md.
Without language data there is no recognition, and pages that are pictures are named as not read.
"""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image
from tesserocr import OEM, PSM, RIL, PyTessBaseAPI, iterate_level

from muniment.core.cleaning import one_line
from muniment.ingest.parsing.building import TextBuilder
from muniment.ingest.types import BlockKind, Limits, RecognisedWord

_UNSURE = 30.0
"""Per cent: what is less certain is mostly dirt and drawings."""
_SHARE = 0.8
"""Of the time a file has: pages beyond it are named as not read, and what was read is kept."""
_MOST_PIXELS = 9_000_000
"""A sheet of A4 at 300 dots an inch; finer is slower and no better."""
_PARTS = 10_000
_engines: list[Any] = []

Place = tuple[int, int, int, int]


@dataclass(slots=True)
class Page:
    """The lines of each paragraph of a picture; each word with its box in ten-thousandths of the picture."""

    paragraphs: list[list[list[tuple[str, Place]]]] = field(default_factory=list)


def languages_in(folder: str, wanted: str) -> str:
    """Which of the languages ("eng+deu") the folder has data for, joined likewise; perhaps none."""
    names = (name for name in wanted.split("+") if name.isidentifier())
    return "+".join(name for name in names if folder and (Path(folder) / f"{name}.traineddata").is_file())


def load(folder: str, languages: str) -> None:
    """Loads what recognises these languages, and uses it once. Without languages nothing is recognised."""
    if not languages:
        return
    engine = PyTessBaseAPI(path=folder, lang=languages, oem=OEM.LSTM_ONLY, psm=PSM.AUTO)
    # What it remarks (such as "Empty page") goes to the child's closed standard error. Left alone, it opens /dev/null
    # for its first remark, which it may not behind the walls, writes to nowhere, and ends with the file it read.
    engine.SetVariable("debug_file", "")
    _engines[:] = [engine]
    recognise(Image.new("L", (64, 64), 255), Deadline(Limits()))


def is_ready() -> bool:
    return bool(_engines)


class Deadline:
    """When recognition stops for this file."""

    def __init__(self, limits: Limits) -> None:
        self._at = time.monotonic() + _SHARE * limits.max_seconds

    @property
    def left(self) -> float:
        """Seconds."""
        return self._at - time.monotonic()


def recognise(picture: Image.Image, deadline: Deadline) -> Page | None:
    """None where nothing recognises, or where the time is over before this picture was read."""
    if not _engines or deadline.left <= 0:
        return None
    engine, grey = _engines[0], _fitting(picture)
    width, height = grey.size
    engine.SetImageBytes(grey.tobytes(), width, height, 1, width)
    engine.SetSourceResolution(300)
    try:
        is_whole = engine.Recognize(max(1, int(deadline.left * 1000)))
        found = engine.GetIterator() if is_whole else None
        words = iterate_level(found, RIL.WORD) if found is not None else ()
        return _page(words, (width, height)) if is_whole else None
    finally:
        engine.Clear()


def _fitting(picture: Image.Image) -> Image.Image:
    grey = picture.convert("L")
    width, height = grey.size
    scale = (_MOST_PIXELS / (width * height)) ** 0.5
    return grey if scale >= 1 else grey.resize((max(1, int(width * scale)), max(1, int(height * scale))))


def _page(words: Iterable[Any], size: tuple[int, int]) -> Page:
    page = Page()
    for word in words:
        if word.IsAtBeginningOf(RIL.PARA) or not page.paragraphs:
            page.paragraphs.append([])
        if word.IsAtBeginningOf(RIL.TEXTLINE) or not page.paragraphs[-1]:
            page.paragraphs[-1].append([])
        if word.Empty(RIL.WORD) or word.Confidence(RIL.WORD) < _UNSURE:
            continue
        if text := one_line(word.GetUTF8Text(RIL.WORD)):
            left, top, right, bottom = word.BoundingBox(RIL.WORD)
            place = (_part(left, size[0]), _part(top, size[1]), _part(right, size[0]), _part(bottom, size[1]))
            page.paragraphs[-1][-1].append((text, place))
    return page


def _part(at: int, of: int) -> int:
    return min(max(at * _PARTS // of, 0), _PARTS)


def add_page(builder: TextBuilder, page: Page, number: int) -> Iterator[RecognisedWord]:
    """Adds the paragraphs of a page to the text; yields where each of its words stands in both."""
    for lines in page.paragraphs:
        text, words = "", []
        for line in lines:
            for word, place in line:
                text += " " if text else ""
                words.append((len(text), len(text) + len(word), place))
                text += word
        start = builder.add(BlockKind.PARAGRAPH, text, page=number)
        yield from (RecognisedWord(start + first, start + last, *place) for first, last, place in words)
