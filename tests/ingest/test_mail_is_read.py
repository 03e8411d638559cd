"""A message: its headers as text, the plain version of its words, what is attached listed and not read."""

from email.message import EmailMessage

import pytest

from muniment.ingest.parsing.reader import read
from muniment.ingest.types import ExtractedDocument, LeftOut, LeftOutKind, Limits
from tests.ingest import samples

HEADERS = (
    "From: Jörg Muster <joerg@example.org>\nTo: ward@example.org\n"
    "Date: Tue, 24 Nov 2026 10:00:00 +0100\nSubject: Parken für Besucher"
)
MESSAGE = f"Parken für Besucher\n\n{HEADERS}\n\n{samples.SENTENCE}\n\n{samples.OTHER}"


def _read(data: bytes, name: str = "a.eml") -> ExtractedDocument:
    return read(data, name_hint=name, limits=Limits(), on_progress=lambda _done, _total: None)


def test_headers_and_plain_words() -> None:
    found = _read(samples.message())
    assert found.text == MESSAGE
    assert (found.title, found.media_type) == ("Parken für Besucher", "message/rfc822")


def test_what_is_attached_is_listed() -> None:
    assert _read(samples.message()).left_out == (LeftOut(LeftOutKind.ATTACHMENT, "Lageplan ä.pdf", "application/pdf"),)


def test_the_content_says_what_it_is() -> None:
    assert _read(samples.message(), "a.txt").media_type == "message/rfc822"
    assert _read(samples.mailbox(), "a.txt").media_type == "application/mbox"


def test_a_mailbox_is_its_messages() -> None:
    assert _read(samples.mailbox(), "a.mbox").text == f"{MESSAGE}\n\n{MESSAGE}"


def test_a_line_that_begins_with_from_is_no_border() -> None:
    made = samples.mailbox().replace(samples.OTHER.encode(), b">From here it is open.")
    assert _read(made, "a.mbox").text.count("\nFrom here it is open.") == 2


def test_a_message_in_rich_text_alone_is_read() -> None:
    made = EmailMessage()
    made["From"], made["Subject"] = "a@example.org", "Rich"
    made.set_content(f"<p>{samples.SENTENCE}</p><p style='display:none'>Unseen.</p>", subtype="html")
    found = _read(made.as_bytes())
    assert samples.SENTENCE in found.text
    assert "Unseen" not in found.text


def test_a_message_within_is_read_and_a_deep_one_refused() -> None:
    outer = EmailMessage()
    outer["From"], outer["Subject"] = "b@example.org", "Fwd"
    outer.set_content("See below.")
    inner = EmailMessage()
    inner["From"], inner["Subject"] = "a@example.org", "Inside"
    inner.set_content(samples.SENTENCE)
    outer.add_attachment(inner, disposition="inline")
    assert _read(outer.as_bytes()).text.endswith(samples.SENTENCE)


@pytest.mark.parametrize(
    "header",
    ["Subject: =?utf-8?q?open", "Subject: =?x-no?b?w7w=?=", "Content-Type: text/plain; charset=x-no", "To: ;;,<>@@"],
)
def test_headers_as_spam_has_them_stop_nobody(header: str) -> None:
    data = f"From: a@example.org\nTo: b@example.org\n{header}\n\n{samples.SENTENCE}\n".encode()
    assert samples.SENTENCE in _read(data).text
