"""Why a file could not be read, each as one sentence for the person who uploaded it.

A reason is a word from a closed list and at most one number and one word more, so that the child that read a hostile
file can say why it failed without being able to put words of its own before the reader.
"""

import re
from enum import StrEnum
from functools import cache
from typing import Self

from muniment.core.errors import PermanentError, Term, TransientError


class Reason(StrEnum):
    EMPTY = "empty"
    NO_TEXT = "no_text"
    SCANNED = "scanned"
    NO_WORDS = "no_words"
    UNSUPPORTED = "unsupported"
    UNKNOWN = "unknown"
    ENCODING = "encoding"
    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    MALFORMED = "malformed"
    ARCHIVE = "archive"
    ARCHIVE_BOMB = "archive_bomb"
    ARCHIVE_PATH = "archive_path"
    XML_DECLARATIONS = "xml_declarations"
    TOO_DEEP = "too_deep"
    TOO_MANY_BYTES = "too_many_bytes"
    TOO_MANY_FILES = "too_many_files"
    FILE_TOO_LARGE = "file_too_large"
    TOO_MANY_PAGES = "too_many_pages"
    TOO_MUCH_TEXT = "too_much_text"
    TOO_MANY_BLOCKS = "too_many_blocks"
    TOO_MANY_PIXELS = "too_many_pixels"
    PICTURE_TOO_LARGE = "picture_too_large"
    TOO_MUCH_MEMORY = "too_much_memory"
    TOO_SLOW = "too_slow"
    NO_SUCH_PAGE = "no_such_page"
    CRASHED = "crashed"
    FORBIDDEN_ACT = "forbidden_act"
    READER_FAULT = "reader_fault"


FOUND = {
    "gif": Term("a GIF picture"),
    "bmp": Term("a BMP picture"),
    "heic": Term("a HEIC picture"),
    "svg": Term("an SVG picture"),
    "gzip": Term("a file packed by gzip"),
    "7z": Term("a 7-Zip archive"),
    "rar": Term("a RAR archive"),
    "xlsb": Term("a binary Excel workbook (.xlsb)"),
    "ole": Term("an old Office file (such as .doc)"),
    "postscript": Term("a PostScript file"),
    "program": Term("a program"),
    "audio": Term("a sound file"),
    "video": Term("a video"),
    "xml": Term("an XML file"),
    "sqlite": Term("a database"),
}
"""What a file can turn out to be, with its article."""

_READABLE = "upload it as PDF, Office document, web page, e-mail, table, PNG or JPEG picture, or text"

_SENTENCES = {
    Reason.EMPTY: "This file is empty; check that it was saved completely and upload it again.",
    Reason.NO_TEXT: "This file holds no text to read; upload a version with text in it.",
    Reason.SCANNED: (
        "This file holds only pictures of its pages, and nothing on this server reads pictures; "
        "ask the operator to install tesseract, or upload a version with text in it."
    ),
    Reason.NO_WORDS: "This file holds only pictures, and no words were recognised in them; upload a sharper one.",
    Reason.UNSUPPORTED: f"This file is {{found}}, which cannot be read here; {_READABLE}.",
    Reason.UNKNOWN: f"This file is of a kind that cannot be read here; {_READABLE}.",
    Reason.ENCODING: "The character encoding of this text is not certain; save it as UTF-8 and upload it again.",
    Reason.ENCRYPTED: "This file is protected by a password; remove the password and upload it again.",
    Reason.DAMAGED: "This file is damaged or incomplete; save it again in the program that made it and upload that.",
    Reason.MALFORMED: "This file is not built the way its format demands; save it again and upload that.",
    Reason.ARCHIVE: "This archive came out of another archive; unpack it and upload the files in it.",
    Reason.ARCHIVE_BOMB: "This file unpacks to far more than a document needs, so it was refused; save it again.",
    Reason.ARCHIVE_PATH: "This file holds parts that point outside of it, so it was refused; save it again.",
    Reason.XML_DECLARATIONS: (
        "This file declares its own XML document type, which documents never need, so it was refused; "
        "save it again and upload that."
    ),
    Reason.TOO_DEEP: "This file nests its parts too deeply to be read; save it in a simpler form and upload that.",
    Reason.TOO_MANY_BYTES: "This file is larger than the limit of {limit} MiB; split it and upload the parts.",
    Reason.TOO_MANY_BLOCKS: "This file holds more than {limit} paragraphs; split it and upload the parts.",
    Reason.TOO_MANY_FILES: "This archive holds more than {limit} files; split it and upload the parts.",
    Reason.FILE_TOO_LARGE: (
        "This archive holds a file that is larger than the limit of {limit} MiB; split that file and pack it again."
    ),
    Reason.TOO_MANY_PAGES: "This document has more pages than the limit of {limit}; split it and upload the parts.",
    Reason.TOO_MUCH_TEXT: "This file holds more than {limit} characters of text; split it and upload the parts.",
    Reason.TOO_MANY_PIXELS: "This page is too large to be drawn at this size; choose a smaller zoom.",
    Reason.PICTURE_TOO_LARGE: "This picture has more than {limit} million pixels; save it smaller and upload that.",
    Reason.TOO_MUCH_MEMORY: "Reading this file needs more memory than one file may use; split it and upload the parts.",
    Reason.TOO_SLOW: "Reading this file took longer than the limit of {limit} seconds; split it and upload the parts.",
    Reason.NO_SUCH_PAGE: "This document does not have that page; go back to the document and choose another.",
    Reason.CRASHED: "This file made its reader fail; save it again in another program and upload that.",
    Reason.FORBIDDEN_ACT: (
        "This file made its reader try something that readers may not do, so it was stopped; "
        "do not open this file before somebody has examined it."
    ),
    Reason.READER_FAULT: (
        "This file could not be read: it holds something its reader does not expect; "
        "save it again in another program and upload that."
    ),
}

_REASONS = {reason.value: reason for reason in Reason}


class ParseError(PermanentError):
    """Says that a file cannot be read. `str()` is the whole sentence to show; `reason` is for code."""

    def __init__(self, reason: Reason, *, limit: int = 0, found: str = "") -> None:
        self.reason = reason
        self.limit = limit
        self.found = found
        super().__init__(_SENTENCES[reason], limit=limit, found=FOUND.get(found, ""))

    def to_fields(self) -> dict[str, str | int]:
        return {"reason": self.reason.value, "limit": self.limit, "found": self.found}

    @classmethod
    def from_fields(cls, fields: object) -> Self:
        """What the child said, if it is one of our reasons; else that its reader failed."""
        match fields:
            case {"reason": str(reason), "limit": int(limit), "found": str(found)} if reason in _REASONS:
                if found in FOUND or reason != Reason.UNSUPPORTED:
                    return cls(_REASONS[reason], limit=limit, found=found)
        return cls(Reason.READER_FAULT)

    @classmethod
    def of_kept(cls, sentence: str) -> Self | None:
        """The error of whose sentence this was kept, with its number and word; None where it is another's."""
        for reason, pattern in _patterns():
            if told := pattern.fullmatch(sentence):
                values = told.groupdict()
                kind = next((kind for kind, word in FOUND.items() if word == values.get("found")), "")
                return cls(reason, limit=int(values.get("limit", "0").replace(",", "")), found=kind)
        return None


@cache
def _patterns() -> list[tuple[Reason, re.Pattern[str]]]:
    words = "|".join(map(re.escape, FOUND.values()))
    places = {re.escape("{limit}"): "(?P<limit>[0-9,]+)", re.escape("{found}"): f"(?P<found>{words})"}
    found = []
    for reason, sentence in _SENTENCES.items():
        pattern = re.escape(sentence)
        for place, value in places.items():
            pattern = pattern.replace(place, value)
        found.append((reason, re.compile(pattern)))
    return found


class OriginalGoneError(PermanentError):
    """The file was deleted after it was read, and a backup from before its text was brought back."""

    def __init__(self) -> None:
        super().__init__("The file of this document is not here any more, so it cannot be read; upload it again.")


class SandboxUnavailableError(PermanentError):
    """Files cannot be read on this machine without giving up the walls around their reader."""


class SandboxStoppedError(TransientError):
    """The sandbox ended while it worked on this file, through no fault of the file."""


class UploadTooLargeError(PermanentError):
    """The upload passed the limit, or announced that it would; nothing of it was kept."""

    def __init__(self, limit: int) -> None:
        """`limit` in bytes."""
        super().__init__("This file is larger than {limit} MB. Split it, or ask the operator.", limit=limit // 2**20)


class TextTooLongError(PermanentError):
    """A text is longer than is looked at while somebody waits."""

    def __init__(self, length: int, limit: int) -> None:
        super().__init__("This text has {length} characters; paste up to {limit} at once.", length=length, limit=limit)


class DocumentWaitsError(TransientError):
    """The document is not masked as is chosen now, and who asks for it may not see names."""
