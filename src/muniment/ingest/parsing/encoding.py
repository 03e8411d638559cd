"""Which characters a file of text means. Decides by what the bytes can be, never by guessing between look-alikes.

UTF-8 and UTF-16 prove themselves: random Western text is practically never valid UTF-8, and UTF-16 text of any script
is full of NUL bytes or of one repeated high byte at every other place. What remains is a single-byte code page, where
only windows-1252 can be told with confidence, by having few letters outside ASCII; a Russian or Greek code page read
as windows-1252 would be garbage that looks like success, so it is refused with the way out (save as UTF-8).
A statistical detector (charset-normalizer, chardet) would guess there, wrongly at times and without saying so.
"""

import codecs

from muniment.ingest.errors import ParseError, Reason

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
DECLARABLE = {
    **dict.fromkeys(["utf-8", "utf8", "unicode-1-1-utf-8"], "utf-8"),
    **dict.fromkeys(["iso-8859-1", "latin1", "latin-1", "us-ascii", "ascii", "windows-1252", "cp1252"], "cp1252"),
    **{f"windows-125{n}": f"cp125{n}" for n in "01345678"},
    **{f"iso-8859-{n}": f"iso8859-{n}" for n in (2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 14, 15, 16)},
    **dict.fromkeys(["shift_jis", "shift-jis", "sjis"], "cp932"),
    **dict.fromkeys(["gb2312", "gbk", "gb18030"], "gb18030"),
    "koi8-r": "koi8-r",
    "koi8-u": "koi8-u",
    "macintosh": "mac-roman",
    "windows-874": "cp874",
    "euc-jp": "euc-jp",
    "euc-kr": "cp949",
    "big5": "big5",
}
"""Labels a page may declare, after the WHATWG Encoding Standard, and the codec that reads them here."""

CODE_PAGES = frozenset(
    [437, 850, 852, 855, 857, 858, 860, 861, 862, 863, 864, 865, 866, 869, 874, 932, 936, 949, 950, *range(1250, 1259)]
)
"""Numbers by which Microsoft's formats name an encoding."""

_FEW = 0.25
"""Share of letters outside ASCII: French and Czech stay below 0.2, Greek and Cyrillic code pages lie above 0.7."""
_SAMPLE = 64 * 1024


def load_codecs() -> None:
    """Codecs are modules loaded on first use, which the sandbox would refuse."""
    pages = (f"cp{number}" for number in CODE_PAGES)
    for name in {*DECLARABLE.values(), *pages, "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be", "cp1252"}:
        codecs.lookup(name)


def marked(data: bytes) -> str | None:
    """The encoding a byte order mark declares."""
    return next((name for mark, name in _MARKS if data.startswith(mark)), None)


def glimpse(data: bytes) -> str:
    """Enough to see whether this is markup: tags are ASCII in every encoding that is not wide, words may be garbled."""
    return data.decode(marked(data) or _unmarked_utf16(data) or "latin-1", errors="replace").lstrip("\ufeff")


def decode(data: bytes, *, declared: str | None = None) -> str:
    """Raises ParseError (ENCODING) where the characters cannot be told.

    `declared`: a label found in the file; believed where the bytes allow it and no mark speaks against it.
    """
    if name := marked(data):
        return _strictly(data, name)
    if wide := _unmarked_utf16(data):
        return _strictly(data, wide)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        mended = data.decode("utf-8", errors="replace")
    if _is_utf8_with_flaws(mended):
        return mended
    codec = DECLARABLE.get(declared.strip().lower()) if declared else None
    if codec and codec != "utf-8":
        return data.decode(codec, errors="replace")
    return _western(data)


def _is_utf8_with_flaws(text: str) -> bool:
    """One bad byte, or a cut at the end, does not turn a text of umlauts into another encoding."""
    flaws = text.count("\ufffd")
    return sum(1 for character in text if character > "\x7f") > 10 * flaws


def _strictly(data: bytes, name: str) -> str:
    try:
        return data.decode(name)
    except UnicodeDecodeError:
        raise ParseError(Reason.ENCODING) from None


def _unmarked_utf16(data: bytes) -> str | None:
    sample = data[:_SAMPLE]
    pairs = len(sample) // 2
    if pairs < 2:
        return None
    even, odd = sample[0 : 2 * pairs : 2].count(0), sample[1 : 2 * pairs : 2].count(0)
    if odd > pairs * 0.4 and even < pairs * 0.05:
        return "utf-16-le"
    if even > pairs * 0.4 and odd < pairs * 0.05:
        return "utf-16-be"
    return None


def _western(data: bytes) -> str:
    text = data.decode("cp1252", errors="replace")
    letters = sum(map(str.isalpha, text[:_SAMPLE]))
    high = sum(1 for character in text[:_SAMPLE] if character > "\x7f" and character.isalpha())
    if text.count("\ufffd") > len(text) // 1000 or high > letters * _FEW:
        raise ParseError(Reason.ENCODING)
    return text
