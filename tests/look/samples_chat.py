"""Asking, conversations, the document viewer."""

from base64 import b64encode
from datetime import timedelta
from typing import Any

from django.core.paginator import Paginator
from django.utils.safestring import SafeString, mark_safe

from tests.look.samples_agents import AGENT, AGENTS, NOON, page
from tests.look.samples_frame import frame

DOC = f"{AGENT['url']}/documents/d5"


def safe(text: str) -> SafeString:
    return mark_safe(text)  # noqa: S308 - written in this file


def cite(message: str, *numbers: int) -> str:
    return "".join(
        f'<a class="citation" href="#source-{message}-{number}" data-citation="{number}" aria-label="Source {number}">'
        f"{number}</a>"
        for number in numbers
    )


PASSAGES = [
    {
        "number": 1,
        "document": "GDPR.html",
        "document_id": "d4",
        "page": None,
        "url": f"{DOC}?at=100-420",
        "quote": "In the case of a personal data breach, the controller shall without undue delay and, where "
        "feasible, not later than 72 hours after having become aware of it, notify the personal data breach to the "
        "supervisory authority",
    },
    {
        "number": 2,
        "document": "Datenschutzleitlinie.pdf",
        "document_id": "d5",
        "page": 12,
        "url": f"{DOC}?at=900-1200",
        "quote": "Jede Verletzung des Schutzes personenbezogener Daten ist der Stabsstelle Datenschutz unverzüglich, "
        "spätestens innerhalb von vier Stunden nach Bekanntwerden, zu melden.",
    },
    {
        "number": 3,
        "document": "Richtlinien/Meldewege/Meldeweg_Datenschutzvorfall_Intensivstation_2026_final.pdf",
        "document_id": "d6",
        "page": 3,
        "url": f"{DOC}?at=40-90",
        "quote": "Meldung an den Dienst habenden IT-Leiter, Tel. intern 4711.",
    },
]
ANSWER = safe(
    "<p>The controller notifies the supervisory authority without undue delay and, where feasible, not later than 72 "
    f"hours after having become aware of the breach.{cite('m1', 1)}</p><p>In this hospital, staff report every breach "
    f"to the data protection office within four hours.{cite('m1', 2, 3)} The report names:</p><ul><li>what happened, "
    f"and when it was noticed;{cite('m1', 2)}</li><li>whose data is affected, and roughly how many people;</li>"
    f"<li>what was done so far.{cite('m1', 3)}</li></ul>"
)
TURN: dict[str, Any] = {
    "id": "m1",
    "question": "How soon must a data breach be reported, and to whom?",
    "searched_for": None,
    "state": "answered",
    "html": ANSWER,
    "passages": PASSAGES,
    "verdict": "",
    "comment": "",
}
FOLLOW_UP = TURN | {
    "id": "m2",
    "question": "And for processors?",
    "searched_for": "data breach report processors",
    "verdict": "up",
    "html": safe(
        f"<p>The processor notifies the controller without undue delay after becoming aware of a personal data "
        f"breach.{cite('m2', 1)}</p>"
    ),
    "passages": PASSAGES[:1],
    "comment": "Right",
}
REFUSED = TURN | {
    "by_words": True,
    "id": "m3",
    "question": "Wie hoch ist das Bußgeld, das unser Haus 2019 gezahlt hat?",
    "state": "refused",
    "html": safe("<p>The documents do not say what fine was paid in 2019.</p>"),
    "passages": PASSAGES[1:],
}
STOPPED = TURN | {
    "id": "m4",
    "question": "Summarise chapter IV.",
    "state": "stopped",
    "passages": [],
    "html": safe("<p>Chapter IV is about the duties of controllers</p>"),
}
FAILED = TURN | {
    "id": "m5",
    "question": "List all deadlines.",
    "state": "failed",
    "passages": [],
    "html": "",
    "trouble": "The silo of this agent is being restored. Ask again in a few minutes.",
}
UNAVAILABLE = TURN | {
    "id": "m6",
    "question": "Which processors does the controller use?",
    "state": "unavailable",
    "passages": PASSAGES[:1],
    "html": safe(f"<p>The controller uses two processors.{cite('m6', 1)}</p>"),
    "trouble": "The model did not answer to its end.",
}
TALKS = [
    {
        "label": "Today",
        "entries": [
            {
                "id": "c1",
                "title": "How soon must a data breach be reported, and to whom?",
                "url": "/c/1",
                "current": True,
            },
            {"id": "c2", "title": "Aufbewahrungsfristen Patientenakten", "url": "/c/2", "current": False},
        ],
    },
    {
        "label": "Last week",
        "entries": [
            {"id": "c3", "title": "Consent of minors", "url": "/c/3", "current": False},
            {"id": "c4", "title": "Auftragsverarbeitung mit Laboren außerhalb der EU", "url": "/c/4", "current": False},
        ],
    },
]
CONVERSATION = {"id": "c1", "title": TURN["question"], "url": f"{AGENT['url']}/conversations/c1"}
HOLDS = {"live": 1204, "working": 3}
LIST = [
    {
        "id": f"c{number}",
        "title": title,
        "url": f"/c/{number}",
        "agent": AGENTS[number % 2],
        "questions": number + 1,
        "asked_at": NOON - timedelta(hours=9 * number),
    }
    for number, title in enumerate(
        [
            "How soon must a data breach be reported, and to whom?",
            "Aufbewahrungsfristen Patientenakten",
            "Consent of minors",
            "Auftragsverarbeitung mit Laboren außerhalb der EU: welche Garantien brauchen wir, und wer prüft sie?",
        ]
    )
]

SHEET = b64encode(
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1190 1684"><rect width="1190" height="1684" fill="#fff"/>'
    + b"".join(
        b'<rect x="140" y="%d" width="%d" height="10" fill="#555"/>' % (180 + 34 * row, 900 - (row * 37) % 260)
        for row in range(40)
    )
    + b"</svg>"
).decode()
BOXES = [
    {"x": 0.115, "y": 0.286, "width": 0.7, "height": 0.014},
    {"x": 0.115, "y": 0.306, "width": 0.42, "height": 0.014},
]
SHEETS = [
    {
        "number": 12,
        "image": f"data:image/svg+xml;base64,{SHEET}",
        "width": 1190,
        "height": 1684,
        "finer": [{"image": f"data:image/svg+xml;base64,{SHEET}", "width": 2380}],
        "hits": [
            {"here": True, "boxes": BOXES},
            {"here": False, "boxes": [{"x": 0.115, "y": 0.569, "width": 0.5, "height": 0.014}]},
        ],
    }
]
TEXT = safe(
    "<h2>Kapitel 3 Meldewege</h2><p>Dieses Kapitel beschreibt, wer wann wem meldet.</p><h3>3.1 Fristen</h3><p>Jede "
    'Beschäftigte und jeder Beschäftigte meldet Vorfälle. <mark id="hit-1" class="is-here">Jede Verletzung des '
    "Schutzes personenbezogener Daten ist der Stabsstelle Datenschutz unverzüglich, spätestens innerhalb von vier "
    "Stunden nach Bekanntwerden, zu melden.</mark> Die Stabsstelle prüft die Meldung.</p><ul><li>telefonisch: 4711</li>"
    "<li>schriftlich: Formular DS-7</li></ul><p>Sie "
    '<mark id="hit-2">meldet der Aufsichtsbehörde binnen 72 Stunden</mark>.</p>'
)
LINKS = {"previous": f"{DOC}?page=11", "next": f"{DOC}?page=13"}
VIEWER: dict[str, Any] = {
    "document": {"name": "Datenschutzleitlinie.pdf", "url": DOC, "language": "de"},
    "alone": f"{DOC}?at=900-1200",
    "back": {"url": f"{AGENT['url']}/knowledge", "label": "Knowledge"},
    "page": {"number": 12, "count": 24, "is_part": False} | LINKS,
    "hits": {"number": 1, "count": 2, "previous": None, "next": f"{DOC}?at=1300-1350"},
    "sheets": SHEETS,
}
LAST = {"number": 2, "count": 2, "previous": f"{DOC}?at=900-1200", "next": None}


def ask(*turns: dict[str, Any], **context: Any) -> tuple[str, dict[str, Any]]:
    facts = {"conversation": CONVERSATION if turns else None, "turns": turns, "talks": TALKS, "holds": HOLDS}
    return "chat/ask.html", page("Ask", **(facts | context))


UNKEPT = AGENT | {"ephemeral": True}
LEFT_OUT = [
    {
        "label": "Hidden text",
        "entries": [
            {"place": "Gehälter", "text": "Name | Betrag\nMuster | 5000"},
            {"place": "Preise, column G", "text": "Einkauf"},
        ],
    },
    {"label": "Attached files", "entries": [{"place": "Lageplan.pdf", "text": ""}]},
    {"label": "Properties", "entries": [{"place": "Author", "text": "Jörg Muster"}]},
]

STATES: dict[str, tuple[str, dict[str, Any]]] = {
    "chat/ask": ask(TURN, FOLLOW_UP),
    "chat/ask--refused": ask(REFUSED),
    "chat/ask--stopped": ask(STOPPED, FAILED, trouble="The question was empty. Type one."),
    "chat/ask--unavailable": ask(UNAVAILABLE),
    "chat/ask--edit": ask(TURN, edit={"message": "m1", "text": TURN["question"]}),
    "chat/ask--start": ask(
        suggestions=[
            "How soon must a data breach be reported?",
            "Who may see a patient's file?",
            "Welche Fristen gelten für die Löschung von Bewerbungsunterlagen?",
        ],
    ),
    "chat/ask--first_documents": ask(holds={"live": 0, "working": 4}, talks=[], state="working"),
    "chat/ask--no_documents": ask(holds={"live": 0, "working": 0}, talks=[], state="empty", count=0),
    "chat/ask--unkept": ask(TURN, FOLLOW_UP, conversation=None, talks=[], agent=UNKEPT, carries="AQx7"),
    "chat/ask--unkept_start": ask(talks=[], agent=UNKEPT, carries=""),
    "chat/ask--from_before": ask(TURN, agent=UNKEPT),
    "chat/conversations": (
        "chat/conversations.html",
        frame("Conversations", talks=Paginator(LIST, 3).page(1), any=True, search=""),
    ),
    "chat/conversations--nothing": (
        "chat/conversations.html",
        frame("Conversations", talks=Paginator([], 3).page(1), any=True, q="Kantine", search="x7"),
    ),
    "chat/conversations--empty": (
        "chat/conversations.html",
        frame("Conversations", talks=Paginator([], 3).page(1), any=False),
    ),
    "chat/source": ("chat/source.html", frame("Agents", AGENT["name"], "Datenschutzleitlinie.pdf", **VIEWER)),
    "chat/source--text": (
        "chat/source.html",
        frame(
            "Agents",
            AGENT["name"],
            "Meldewege.docx",
            **(VIEWER | {"sheets": [], "html": TEXT, "page": None, "hits": LAST, "zoom": "125", "original_gone": True}),
        ),
    ),
    "chat/source--masked": (
        "chat/source.html",
        frame(
            "Agents",
            AGENT["name"],
            "Document",
            **(VIEWER | {"sheets": [], "html": TEXT, "page": None, "hits": LAST, "is_masked": True}),
        ),
    ),
    "chat/source--left_out": (
        "chat/source.html",
        frame(
            "Agents",
            AGENT["name"],
            "Preise.xlsx",
            **(VIEWER | {"sheets": [], "html": TEXT, "page": None, "hits": None, "left_out": LEFT_OUT}),
        ),
    ),
}
