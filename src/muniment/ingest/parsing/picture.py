"""Pictures (PNG, JPEG, TIFF, WebP): each frame is a page, read by recognition.

Attacks stopped: pictures that decode to far more than they weigh (their size is asked before a pixel is decoded), that
end early, or that claim another format (only the decoder of the format the first bytes name is tried).
"""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image, ImageOps, UnidentifiedImageError

from muniment.core.watch import Watch
from muniment.ingest.errors import ParseError, Reason
from muniment.ingest.parsing.building import TextBuilder
from muniment.ingest.parsing.recognition import Deadline, add_page, is_ready, recognise
from muniment.ingest.types import ExtractedDocument, Limits, PageLayout, RecognisedWord

MEDIA_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "TIFF": "image/tiff", "WEBP": "image/webp"}
FORMATS = tuple(MEDIA_TYPES)
_FAULTS = (
    UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError, OverflowError,
    ZeroDivisionError, Image.DecompressionBombError, NotImplementedError,
)  # fmt: skip
"""What Pillow's decoders raise on files that are not sound."""
_DENSITY = 150.0
"""Dots an inch where the picture does not say."""
_POINTS = 72


def parse_picture(data: bytes, limits: Limits, on_progress: Watch) -> ExtractedDocument:
    """Raises ParseError: damaged, too large, too many pages, no text. Without recognition a document without text."""
    builder, deadline = TextBuilder(limits), Deadline(limits)
    pages: list[tuple[int, int]] = []
    unread: list[int] = []
    words: list[RecognisedWord] = []
    with _opened(data) as picture:
        count = getattr(picture, "n_frames", 1)
        if count > limits.max_pages:
            raise ParseError(Reason.TOO_MANY_PAGES, limit=limits.max_pages)
        media_type = MEDIA_TYPES[picture.format or ""]
        for number in range(1, count + 1):
            with builder.page() as page:
                read = recognise(_frame(picture, number, limits), deadline) if is_ready() else None
                if read is None:
                    unread.append(number)
                else:
                    words += add_page(builder, read, number)
            pages.append(page.span)
            on_progress(number, count)
    if builder.is_empty and not unread:
        raise ParseError(Reason.NO_WORDS)
    return builder.finish(
        media_type=media_type, title=None, pages=tuple(pages), pictures=tuple(unread), recognised=tuple(words)
    )


def render_picture(data: bytes, number: int, scale: float, limits: Limits) -> bytes:
    """PNG of frame `number` (from 1), as `pdf.render_page`; never larger than the picture is."""
    with _opened(data) as picture:
        frame = _frame(picture, number, limits)
        width, _ = _size(picture, frame)
        shrink = min(1.0, scale * width / frame.width)
        size = (max(1, round(frame.width * shrink)), max(1, round(frame.height * shrink)))
        if size[0] * size[1] > limits.max_pixels:
            raise ParseError(Reason.TOO_MANY_PIXELS)
        drawn = frame if size == frame.size else frame.resize(size)
        with io.BytesIO() as out:
            drawn.save(out, format="PNG", compress_level=3)
            return out.getvalue()


def picture_layout(data: bytes, number: int, limits: Limits) -> PageLayout:
    """The size of frame `number` (from 1) on paper."""
    with _opened(data) as picture:
        return PageLayout(*_size(picture, _frame(picture, number, limits)), ())


@contextmanager
def _opened(data: bytes) -> Iterator[Image.Image]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
                yield picture
    except _FAULTS:
        raise ParseError(Reason.DAMAGED) from None


def _frame(picture: Image.Image, number: int, limits: Limits) -> Image.Image:
    """One frame, upright, in grey or in colours."""
    if not 1 <= number <= getattr(picture, "n_frames", 1):
        raise ParseError(Reason.NO_SUCH_PAGE)
    picture.seek(number - 1)
    if picture.width * picture.height > limits.max_picture:
        raise ParseError(Reason.PICTURE_TOO_LARGE, limit=limits.max_picture // 1_000_000)
    upright = ImageOps.exif_transpose(picture)
    if upright.mode in {"RGBA", "LA", "PA"} or "transparency" in upright.info:
        solid = upright.convert("RGBA")
        ground = Image.new("RGBA", solid.size, "white")
        return Image.alpha_composite(ground, solid).convert("RGB")
    return upright.convert("L" if upright.mode in {"1", "L", "I", "F"} or upright.mode.startswith("I;") else "RGB")


def _size(picture: Image.Image, frame: Image.Image) -> tuple[float, float]:
    """In points."""
    told = picture.info.get("dpi")
    density = float(told[0]) if isinstance(told, tuple) and told else _DENSITY
    density = density if 50 <= density <= 1_200 else _DENSITY
    return frame.width * _POINTS / density, frame.height * _POINTS / density
