"""E-mail: EML (one message) and MBOX (many). The four headers people ask for stand above the words of each message.

The standard library takes the message apart under its old policy: the new one raises on headers as spam has them.
Nothing a message names is fetched; what is attached is listed and not read.
"""

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.header import decode_header
from email.message import Message

from muniment.core.cleaning import clean, one_line
from muniment.ingest.errors import ParseError, Reason
from muniment.ingest.parsing.building import TextBuilder
from muniment.ingest.parsing.encoding import decode
from muniment.ingest.parsing.html import add_html
from muniment.ingest.parsing.plain import add_plain
from muniment.ingest.types import BlockKind, ExtractedDocument, LeftOutKind, Limits

EML = "message/rfc822"
MBOX = "application/mbox"

_SHOWN = ("From", "To", "Cc", "Date", "Subject")
_KNOWN = rb"(?:from|to|date|subject|received|return-path|message-id|mime-version|delivered-to|reply-to|x-[a-z-]{1,40})"
_START = re.compile(rb"(?:" + _KNOWN + rb":[^\n]{0,2000}\n(?:[ \t][^\n]{0,2000}\n)*){2}", re.IGNORECASE)
_ENVELOPE = re.compile(rb"From [^\n]{1,300}\d{2}:\d{2}[^\n]{0,100}\n")
_BETWEEN = re.compile(rb"(?:\A|(?<=\n\n))" + _ENVELOPE.pattern)
_ESCAPED = re.compile(rb"^>(?=>*From )", re.MULTILINE)
_DEEPEST = 20
_GLIMPSE = 16 * 1024
_SIGNATURES = frozenset(["application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"])
_LEVEL = 1


def is_message(head: bytes) -> bool:
    """Whether a file that begins so begins with two headers of a message."""
    return _START.match(_lines(head).lstrip(b"\n")) is not None


def is_mailbox(head: bytes) -> bool:
    """Whether it begins with the line that parts messages, and a message."""
    lines = _lines(head)
    envelope = _ENVELOPE.match(lines)
    return envelope is not None and is_message(lines[envelope.end() :])


def holds_messages(data: bytes) -> bool:
    head = data[:_GLIMPSE]
    return is_message(head) or is_mailbox(head)


def parse_message(data: bytes, limits: Limits) -> ExtractedDocument:
    """Raises ParseError: too deep, too much text, no text."""
    builder = TextBuilder(limits)
    message = _parsed(data)
    _Reading(builder).message(message, 0)
    return builder.finish(media_type=EML, title=_header(message, "Subject") or None)


def parse_mailbox(data: bytes, limits: Limits) -> ExtractedDocument:
    """Raises as `parse_message`."""
    builder = TextBuilder(limits)
    for one in _messages(_lines(data)):
        _Reading(builder).message(_parsed(one), 0)
    return builder.finish(media_type=MBOX, title=None)


def _lines(data: bytes) -> bytes:
    return data.replace(b"\r\n", b"\n")


def _messages(data: bytes) -> Iterator[bytes]:
    starts = [(found.start(), found.end()) for found in _BETWEEN.finditer(data)]
    ends = [start for start, _ in starts[1:]] + [len(data)]
    for (_, begin), end in zip(starts, ends, strict=True):
        yield _ESCAPED.sub(b"", data[begin:end])


def _parsed(data: bytes) -> Message:
    return message_from_bytes(data, policy=policy.compat32)


class _Reading:
    def __init__(self, builder: TextBuilder) -> None:
        self._builder = builder

    def message(self, message: Message, depth: int) -> None:
        if subject := _header(message, "Subject"):
            self._builder.add(BlockKind.HEADING, subject, level=min(depth, 8) + _LEVEL)
        shown = ((name, _header(message, name)) for name in _SHOWN)
        self._builder.add(BlockKind.PARAGRAPH, "\n".join(f"{name}: {words}" for name, words in shown if words))
        self._part(message, depth)

    def _part(self, part: Message, depth: int) -> None:
        if depth > _DEEPEST:
            raise ParseError(Reason.TOO_DEEP)
        kind = part.get_content_type()
        if _is_attached(part):
            self._attached(part, kind)
        elif kind == "message/rfc822":
            for inner in _children(part):
                self.message(inner, depth + 1)
        elif part.is_multipart():
            chosen = _best(part) if kind == "multipart/alternative" else _children(part)
            for child in chosen:
                self._part(child, depth + 1)
            if kind == "multipart/alternative":
                self._unread_versions([one for one in _children(part) if one not in chosen])
        elif kind == "text/html":
            add_html(self._builder, _words(part))
        elif kind == "text/plain":
            add_plain(self._builder, clean(self._builder.look_through(_words(part))))
        else:
            self._attached(part, kind)

    def _unread_versions(self, parts: list[Message]) -> None:
        """What hides in the version that most programs show, although the plain one is read."""
        for part in parts:
            if part.get_content_type() == "text/html":
                add_html(self._builder.aside(), _words(part))

    def _attached(self, part: Message, kind: str) -> None:
        self._builder.leave_out(LeftOutKind.ATTACHMENT, _filename(part) or kind, kind)


def attached(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of what is attached to the messages of a file, signatures aside; nothing that is not named."""
    mailbox = is_mailbox(data[:_GLIMPSE])
    for one in _messages(_lines(data)) if mailbox else [data]:
        yield from _attached_to(_parsed(one), 0)


def _attached_to(part: Message, depth: int) -> Iterator[tuple[str, bytes]]:
    if depth > _DEEPEST:
        raise ParseError(Reason.TOO_DEEP)
    if _is_attached(part) and part.get_content_type() not in _SIGNATURES:
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes) and payload and (name := _filename(part)):
            yield name.replace("/", "_"), payload
        return
    for child in _children(part):
        yield from _attached_to(child, depth + 1)


def _children(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else []


def _best(part: Message) -> list[Message]:
    """Of several versions of the same words the plain one, unless it is blank; else the last, which is the richest."""
    versions = _children(part)
    plain = [one for one in versions if one.get_content_type() == "text/plain" and _words(one).strip()]
    return plain[:1] or [one for one in versions if one.get_content_type() != "text/plain"][-1:]


def _is_attached(part: Message) -> bool:
    disposition = part.get("Content-Disposition")
    return disposition is not None and str(disposition).strip().lower().startswith("attachment")


def _filename(part: Message) -> str:
    try:
        return one_line(_decoded(part.get_filename() or ""))
    except (LookupError, ValueError, TypeError):  # an encoding nobody knows, in RFC 2231's way
        return ""


def _words(part: Message) -> str:
    """A message is never refused for the encoding of one part: what cannot be told is replaced."""
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    declared = part.get_param("charset")
    try:
        return decode(data, declared=declared if isinstance(declared, str) else None)
    except ParseError:
        return data.decode("utf-8", errors="replace")


def _header(message: Message, name: str) -> str:
    return one_line(_decoded(str(message.get(name, ""))))


def _decoded(raw: str) -> str:
    """The words behind =?utf-8?q?…?=; as they stand where that cannot be read."""
    try:
        pieces = decode_header(raw)
        return "".join(
            piece if isinstance(piece, str) else piece.decode(charset or "utf-8", errors="replace")
            for piece, charset in pieces
        )
    except (LookupError, ValueError):
        return raw
