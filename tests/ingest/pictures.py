"""Pictures of words, and PDFs whose pages are such pictures, made for tests; and what recognises them here."""

import io
import struct
import zlib

import pypdfium2
from PIL import Image, ImageDraw, ImageFont

from muniment.ingest.sandbox.keeper import Recognition
from muniment.settings import MUNIMENT_OCR_DATA
from tests.ingest import files

TESSERACT = Recognition(str(MUNIMENT_OCR_DATA), "eng+deu")
NOTHING = Recognition("/nonexistent", "eng+deu")
LINES = ("Parking behind the east wing costs two euros.", "Der Garten ist im Winter geschlossen.")
DENSITY = 150


def drawn(lines: tuple[str, ...] = LINES, *, mode: str = "L") -> Image.Image:
    """A sheet of 7 by 3 inches at 150 dots."""
    made = Image.new("L", (1050, 450), 255)
    pen, font = ImageDraw.Draw(made), ImageFont.load_default(size=36)
    for number, line in enumerate(lines):
        pen.text((60, 60 + 150 * number), line, font=font, fill=0)
    return made.convert(mode)


def picture(kind: str, image: Image.Image | None = None, **options: object) -> bytes:
    out = io.BytesIO()
    (image or drawn()).save(out, kind, dpi=(DENSITY, DENSITY), **options)
    return out.getvalue()


def scanned(*pages: str | tuple[str, ...]) -> bytes:
    """A PDF of one page for each: text as text, a tuple of lines as a picture of them."""
    made = pypdfium2.PdfDocument.new()
    for content in pages:
        if isinstance(content, str):
            made.import_pages(pypdfium2.PdfDocument(files.pdf([content])))
            continue
        page = made.new_page(504, 216)
        image = pypdfium2.PdfImage.new(made)
        bitmap = pypdfium2.PdfBitmap.from_pil(drawn(content).convert("RGB"))
        image.set_bitmap(bitmap)
        image.set_matrix(pypdfium2.PdfMatrix().scale(504, 216))
        page.insert_obj(image)
        page.gen_content()
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def declared(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is so large."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b""))
    body = b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + body


KINDS = {"a.png": "PNG", "a.jpg": "JPEG", "a.tiff": "TIFF", "a.webp": "WEBP"}
SAMPLES = {name: picture(kind) for name, kind in KINDS.items()}
