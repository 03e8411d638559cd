"""Small PDFs: pages of lines in Helvetica, each at a place that is known."""

from collections.abc import Sequence

LEFT, TOP, SIZE, LEADING = 50, 740, 12, 24
WIDTH, HEIGHT = 600, 800  # points


def pdf(pages: Sequence[Sequence[str]], *, width: int = WIDTH, height: int = HEIGHT) -> bytes:
    """Lines are set from 740 points down, 24 apart."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    for number, lines in enumerate(pages):
        shown = "".join(f"1 0 0 1 {LEFT} {TOP - LEADING * row} Tm ({line}) Tj " for row, line in enumerate(lines))
        content = f"BT /F {SIZE} Tf {shown}ET"
        box, fonts = f"[0 0 {width} {height}]", "<</Font<</F 3 0 R>>>>"
        objects += [
            f"<</Type/Page/Parent 2 0 R/MediaBox{box}/Resources{fonts}/Contents {5 + 2 * number} 0 R>>",
            f"<</Length {len(content)}>>stream\n{content}\nendstream ",
        ]
    body = "".join(f"{number} 0 obj{each}endobj\n" for number, each in enumerate(objects, 1))
    return f"%PDF-1.4\n{body}trailer<</Root 1 0 R>>\n%%EOF\n".encode()
