"""Shorthands for tests: what is found in a text, as (class, words)."""

from muniment.pii.detection import detect
from muniment.pii.services import find_personal_data
from muniment.pii.types import PiiClass, Selection, Span

EVERYTHING = Selection(classes=frozenset(PiiClass))

Found = list[tuple[str, str]]


def by_rules(text: str, selection: Selection | None = None) -> Found:
    return told(text, detect(text, tagger=None, selection=selection))


def found(text: str, selection: Selection | None = None) -> Found:
    return told(text, find_personal_data(text, selection=selection))


def told(text: str, spans: tuple[Span, ...]) -> Found:
    return [(span.kind.value, text[span.start : span.end]) for span in spans]
