"""One honest file of every format that is read, each of which says what parking costs."""

from email.message import EmailMessage

from tests.ingest import files, office

SENTENCE = "Parking behind the east wing costs two euros per hour."
QUESTION = "What does parking behind the east wing cost?"
OTHER = "Visitors are welcome on all wards from 14:00 to 19:00."


def message(*, attachment: bytes = b"\x00\x01\x02") -> bytes:
    """Words in two versions, and a file attached."""
    made = EmailMessage()
    made["From"], made["To"] = "Jörg Muster <joerg@example.org>", "ward@example.org"
    made["Date"], made["Subject"] = "Tue, 24 Nov 2026 10:00:00 +0100", "Parken für Besucher"
    made.set_content(f"{SENTENCE}\n\n{OTHER}\n")
    made.add_alternative("<p>The rich version.</p>", subtype="html")
    made.add_attachment(attachment, "application", "pdf", filename="Lageplan ä.pdf")
    return made.as_bytes()


def mailbox() -> bytes:
    between = b"From joerg@example.org Tue Nov 24 10:00:00 2026\n"
    return between + message() + b"\n" + between + message()


TABLE = [
    ["Place", "Price"], ["Parking behind the east wing", "two euros per hour"], ["Garage", "free for staff"]
]  # fmt: skip
CSV = b"Place,Price\nParking behind the east wing,two euros per hour\nGarage,free for staff\n"
JSON = b'{"parking": [{"place": "Parking behind the east wing", "costs": "two euros per hour"}, {"place": "Garage"}]}'
JSON_LINES = b'{"place": "Parking behind the east wing", "costs": "two euros per hour"}\n{"place": "Garage"}\n'
SRT = f"1\r\n00:01:05,500 --> 00:01:09,000\r\n<i>{SENTENCE}</i>\r\n".encode()
VTT = f"WEBVTT\n\nNOTE made by hand\n\n01:05.500 --> 01:09.000\n<v Alice>{SENTENCE}</v>\n".encode()
RTF = rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}\pard %b{\v a secret}\par %b\par}" % (
    SENTENCE.encode(),
    OTHER.encode(),
)

SAMPLES = {
    "a.pdf": files.pdf([f"{SENTENCE}\n{OTHER}"]),
    "a.docx": files.word([("Normal", SENTENCE), ("Normal", OTHER)]),
    "a.html": f"<!doctype html><body><p>{SENTENCE}</p><p>{OTHER}</p></body>".encode(),
    "a.md": f"# Parking\n\n{SENTENCE}\n".encode(),
    "a.txt": f"{SENTENCE}\n\n{OTHER}\n".encode(),
    "a.csv": CSV,
    "a.tsv": CSV.replace(b",", b"\t"),
    "a.json": JSON,
    "a.jsonl": JSON_LINES,
    "a.srt": SRT,
    "a.vtt": VTT,
    "a.eml": message(),
    "a.mbox": mailbox(),
    "a.rtf": RTF,
    "a.xlsx": office.workbook({"Prices": TABLE}),
    "a.pptx": office.presentation([("Parking", [SENTENCE, OTHER])], note="a secret"),
    "a.odt": office.odf("text", f"<text:p>{SENTENCE}</text:p><text:p>{OTHER}</text:p>"),
    "a.ods": office.odf(
        "spreadsheet", f'<table:table table:name="Prices">{"".join(office.row(*row) for row in TABLE)}</table:table>'
    ),
    "a.odp": office.odf(
        "presentation",
        f"<draw:page><draw:frame><draw:text-box><text:p>{SENTENCE}</text:p></draw:text-box></draw:frame></draw:page>",
    ),
    "a.epub": office.book([f"<h1>Parking</h1><p>{SENTENCE}</p>", f"<p>{OTHER}</p>"]),
}
