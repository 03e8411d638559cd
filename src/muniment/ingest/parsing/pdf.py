"""PDF by pdfium. No script runs, no form is filled, nothing outside the file is asked for."""

import ctypes
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from muniment.core.cleaning import one_line
from muniment.core.watch import Watch
from muniment.ingest.errors import ParseError, Reason
from muniment.ingest.parsing.building import TextBuilder
from muniment.ingest.parsing.pdf_alt import Structure
from muniment.ingest.parsing.pdf_page import PageText, Paragraph, loose_box, page_indices, read_page
from muniment.ingest.parsing.recognition import Deadline, Page, add_page, is_ready, recognise
from muniment.ingest.types import (
    MOST_LEFT_OUT,
    PDF,
    BlockKind,
    Box,
    ExtractedDocument,
    LeftOutKind,
    Limits,
    MarkKind,
    PageLayout,
    RecognisedWord,
    Unit,
)

_END = b"%%EOF"
_LONGEST_HEADING = 200
_LARGER = 1.12
"""A heading is set at least this much larger than the text, or in bold."""
_DEEPEST = 6
_EMPTY_TITLES = frozenset(["untitled", "(anonymous)", "title", "microsoft word", "document"])
_PROPERTIES = {"Author": "creator", "Keywords": "keywords", "Subject": "subject"}
"""A PDF's names of what other formats say too."""
_NO_REMARKS = frozenset([pdfium.FPDF_ANNOT_LINK, pdfium.FPDF_ANNOT_WIDGET, pdfium.FPDF_ANNOT_POPUP])
_LONGEST_REMARK = 200_000
"""Bytes."""
_FINE = 300 / 72
"""Of 72 pixels an inch: what recognition reads best."""
_UNITS = 1_000_000
"""Device units across a page: a fraction is exact to a millionth."""


def parse_pdf(data: bytes, limits: Limits, on_progress: Watch) -> ExtractedDocument:
    """Raises ParseError: encrypted, damaged, too many pages, no text. Pages that are pictures are named in it."""
    with _opened(data) as document:
        count = len(document)
        if count > limits.max_pages:
            raise ParseError(Reason.TOO_MANY_PAGES, limit=limits.max_pages)
        pages: list[PageText] = []
        recognised: dict[int, Page] = {}
        pictures: list[int] = []
        deadline = Deadline(limits)
        builder = TextBuilder(limits)
        structure = Structure()
        _leave_out(builder, document)
        for number in range(1, count + 1):
            with _page(document, number - 1) as (page, text_page):
                pages.append(read_page(page, text_page))
                if not pages[-1].paragraphs and _is_picture(page):
                    if (read := _recognised(page, limits, deadline)) is not None:
                        recognised[number] = read
                    else:
                        pictures.append(number)
                _remarks(builder, page, number)
                for words in structure.alternate_texts(page, pages[-1].raw):
                    builder.leave_out(LeftOutKind.DESCRIPTION, "", words, unit=Unit.PAGE, number=number)
            on_progress(number, count)
        scanned = _Scanned(recognised, tuple(pictures))
        return _assemble(builder, pages, _title(document), scanned)


@dataclass(frozen=True, slots=True)
class _Scanned:
    """Pages without text that are pictures, by number: those that were read, and those that were not."""

    read: dict[int, Page]
    unread: tuple[int, ...]


def _recognised(page: Any, limits: Limits, deadline: Deadline) -> Page | None:
    if not is_ready() or deadline.left <= 0:
        return None
    width, height = page.get_size()
    scale = min(_FINE, (limits.max_pixels / max(width * height, 1.0)) ** 0.5)
    bitmap = page.render(scale=scale, may_draw_forms=False, grayscale=True)
    with closing(bitmap), bitmap.to_pil() as image:
        return recognise(image, deadline)


def render_page(data: bytes, number: int, scale: float, limits: Limits) -> bytes:
    """PNG of page `number` (from 1). `scale` 1.0 is 72 pixels per inch. Raises ParseError."""
    with _opened(data) as document, _page(document, number - 1) as (page, _):
        width, height = page.get_size()
        if not width * scale * height * scale <= limits.max_pixels:
            raise ParseError(Reason.TOO_MANY_PIXELS)
        bitmap = page.render(scale=scale, may_draw_forms=False)
        with closing(bitmap), bitmap.to_pil() as image, io.BytesIO() as out:
            image.save(out, format="PNG", compress_level=3)
            return out.getvalue()


def page_layout(data: bytes, number: int, spans: Sequence[tuple[int, int]]) -> PageLayout:
    """The size of page `number` (from 1), and where each span of characters of its text lies."""
    with _opened(data) as document, _page(document, number - 1) as (page, text_page):
        indices = page_indices(read_page(page, text_page).paragraphs)
        width, height = page.get_size()
        boxes = tuple(_boxes(page, text_page, indices[max(0, start) : max(0, end)]) for start, end in spans)
        return PageLayout(width, height, boxes)


def _boxes(page: Any, text_page: Any, indices: list[int]) -> tuple[Box, ...]:
    """One box per line."""
    found = []
    for index in indices:
        if index >= 0:
            character = pdfium.FPDFText_GetCharIndexFromTextIndex(text_page, index)
            found.append(_fractions(page, loose_box(text_page, character)))
    return tuple(_merge_lines([box for box in found if box.right > box.left and box.bottom > box.top]))


@contextmanager
def _opened(data: bytes) -> Iterator[Any]:
    end = data.rfind(_END)
    if end < 0 or b" obj" in data[end:]:
        # pdfium would mend a file cut off in transit and give back the half it has; a person would not notice.
        raise ParseError(Reason.DAMAGED)
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError:
        is_locked = pdfium.FPDF_GetLastError() in {pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY}
        raise ParseError(Reason.ENCRYPTED if is_locked else Reason.DAMAGED) from None
    with closing(document):
        yield document


@contextmanager
def _page(document: Any, number: int) -> Iterator[tuple[Any, Any]]:
    if not 0 <= number < len(document):
        raise ParseError(Reason.NO_SUCH_PAGE)
    try:
        page = document[number]
        with closing(page), closing(page.get_textpage()) as text_page:
            yield page, text_page
    except pypdfium2.PdfiumError:
        raise ParseError(Reason.DAMAGED) from None


def _is_picture(page: Any) -> bool:
    return any(True for _ in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3))


def _title(document: Any) -> str:
    title = one_line(document.get_metadata_dict().get("Title", ""))
    title = title.removeprefix("Microsoft Word - ")
    return "" if title.lower() in _EMPTY_TITLES else title


def _leave_out(builder: TextBuilder, document: Any) -> None:
    """Properties, and the names of the files that lie in this one."""
    found = document.get_metadata_dict()
    for key, name in _PROPERTIES.items():
        if words := one_line(found.get(key, "")):
            builder.leave_out(LeftOutKind.PROPERTY, name, words)
    for number in range(min(document.count_attachments(), MOST_LEFT_OUT)):
        builder.leave_out(LeftOutKind.ATTACHMENT, document.get_attachment(number).get_name())


def _remarks(builder: TextBuilder, page: Any, number: int) -> None:
    """Lists what readers wrote on the page."""
    for at in range(min(pdfium.FPDFPage_GetAnnotCount(page), MOST_LEFT_OUT)):
        remark = pdfium.FPDFPage_GetAnnot(page, at)
        if not remark:
            continue
        if pdfium.FPDFAnnot_GetSubtype(remark) not in _NO_REMARKS:
            words = _annotated(remark, b"Contents")
            if words.strip():
                builder.leave_out(LeftOutKind.COMMENT, _annotated(remark, b"T"), words, unit=Unit.PAGE, number=number)
        pdfium.FPDFPage_CloseAnnot(remark)


def _annotated(remark: Any, key: bytes) -> str:
    size = pdfium.FPDFAnnot_GetStringValue(remark, key, None, 0)
    if size <= 2 or size > _LONGEST_REMARK:
        return ""
    buffer = (ctypes.c_ushort * (size // 2 + 1))()
    pdfium.FPDFAnnot_GetStringValue(remark, key, buffer, size)
    return bytes(buffer)[: size - 2].decode("utf-16-le", errors="replace")


def _assemble(builder: TextBuilder, pages: list[PageText], title: str, scanned: _Scanned) -> ExtractedDocument:
    levels = _heading_levels(pages)
    spans: list[tuple[int, int]] = []
    words: list[RecognisedWord] = []
    for number, page in enumerate(pages, start=1):
        start = builder.length
        _hidden(builder, page, number)
        if read := scanned.read.get(number):
            with builder.page() as place:
                words += add_page(builder, read, number)
                builder.end_page(number)
            spans.append(place.span)
            continue
        for position, paragraph in enumerate(page.paragraphs):
            text = paragraph.text
            level = _level(paragraph, text, levels)
            if position == 0 and not level and not paragraph.is_item and builder.goes_on(text):
                start = builder.continue_last(text)
                continue
            kind = BlockKind.HEADING if level else BlockKind.LIST_ITEM if paragraph.is_item else BlockKind.PARAGRAPH
            at = builder.add(kind, text, level=level, page=number)
            start = at if position == 0 else start
        builder.end_page(number)
        spans.append((start, builder.length))
    if builder.is_empty and scanned.read and not scanned.unread:
        raise ParseError(Reason.NO_WORDS)
    return builder.finish(
        media_type=PDF, title=title, pages=tuple(spans), pictures=scanned.unread, recognised=tuple(words)
    )


def _hidden(builder: TextBuilder, page: PageText, number: int) -> None:
    for how, words in page.hidden.items():
        builder.leave_out(LeftOutKind.HIDDEN, "", words, unit=Unit.PAGE, number=number, hidden_by=how)
    builder.look_through(page.raw, page=number)
    if page.is_layer:
        builder.mark(MarkKind.TEXT_LAYER, page=number)


def _heading_levels(pages: list[PageText]) -> dict[float, int]:
    """Font size (rounded to half points) to level: the sizes larger than the text's, the largest first; bold last."""
    characters: Counter[float] = Counter()
    for page in pages:
        for paragraph in page.paragraphs:
            characters[_rounded(paragraph.size)] += len(paragraph.text)
    if not characters:
        return {}
    body = characters.most_common(1)[0][0]
    larger = sorted((size for size in characters if size >= body * _LARGER), reverse=True)
    levels = {size: min(position, _DEEPEST) for position, size in enumerate(larger, start=1)}
    return {**levels, body: min(len(larger) + 1, _DEEPEST)}


def _level(paragraph: Paragraph, text: str, levels: dict[float, int]) -> int:
    size = _rounded(paragraph.size)
    if size not in levels or len(text) > _LONGEST_HEADING or not any(map(str.isalpha, text)):
        return 0
    is_body = levels[size] == max(levels.values())
    if is_body and not (paragraph.is_bold and len(paragraph.lines) <= 2 and not text.endswith((".", ",", ";"))):
        return 0
    return levels[size]


def _rounded(size: float) -> float:
    return round(size * 2) / 2


def _fractions(page: Any, box: Any) -> Box:
    """From page coordinates to fractions of the page as it is shown: rotation and crop box are pdfium's work."""
    xs, ys = [], []
    for x, y in ((box.left, box.top), (box.right, box.bottom)):
        across, down = pdfium.c_int(), pdfium.c_int()
        pdfium.FPDF_PageToDevice(page, 0, 0, _UNITS, _UNITS, 0, x, y, across, down)
        xs.append(min(max(across.value / _UNITS, 0.0), 1.0))
        ys.append(min(max(down.value / _UNITS, 0.0), 1.0))
    return Box(min(xs), min(ys), max(xs), max(ys))


def _merge_lines(boxes: list[Box]) -> list[Box]:
    merged: list[Box] = []
    for box in boxes:
        last = merged[-1] if merged else None
        if last and _is_same_line(last, box):
            merged[-1] = Box(
                min(last.left, box.left),
                min(last.top, box.top),
                max(last.right, box.right),
                max(last.bottom, box.bottom),
            )
        else:
            merged.append(box)
    return merged


def _is_same_line(last: Box, box: Box) -> bool:
    height = min(last.bottom - last.top, box.bottom - box.top)
    shared = min(last.bottom, box.bottom) - max(last.top, box.top)
    near = box.left < last.right + 4 * height
    return shared > 0.5 * height and near
