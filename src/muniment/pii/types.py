"""What is found: classes, spans, and what an agent's owner chose to look for."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from muniment.core.watch import Watch, unwatched


class PiiClass(StrEnum):
    """A class of personal data. The value is what `--json` prints and what stands in a mask."""

    PERSON = "person"
    EMAIL = "email"
    PHONE = "phone"
    ADDRESS = "address"
    """street address and post code, with the town and country that belong to it"""
    IBAN = "iban"
    """and the account numbers of countries without one"""
    CARD = "card"
    NATIONAL_ID = "national_id"
    """identity, tax and social security numbers"""
    PASSPORT = "passport"
    DRIVING_LICENCE = "driving_licence"
    BIRTH_DATE = "birth_date"
    IP_ADDRESS = "ip_address"
    DEVICE_ID = "device_id"
    LICENCE_PLATE = "licence_plate"
    HEALTH_INSURANCE = "health_insurance"
    CREDENTIAL = "credential"
    COORDINATES = "coordinates"
    CUSTOM = "custom"

    ORGANISATION = "organisation"
    PLACE = "place"
    DATE = "date"
    NATIONALITY = "nationality"
    TITLE = "title"
    AGE = "age"


OFF_BY_DEFAULT = frozenset(
    {
        PiiClass.ORGANISATION,
        PiiClass.PLACE,
        PiiClass.DATE,
        PiiClass.NATIONALITY,
        PiiClass.TITLE,
        PiiClass.AGE,
    }
)
PROMISED = frozenset(PiiClass) - OFF_BY_DEFAULT
GERMAN_NAMES_FOUND = 91
"""Of 100 names in German text, rounded down: `make bench` measures it, and fails when it is another number."""


@dataclass(frozen=True, slots=True)
class Span:
    """One find: code points `start` (inclusive) to `end` (exclusive) of the text, its class, and a score in 0..1.

    1.0 stands for a checksum that fits or a word an owner listed; below 0.5 is a guess by shape alone.
    """

    start: int
    end: int
    kind: PiiClass
    score: float


@dataclass(frozen=True, slots=True)
class Selection:
    """What to look for. `terms` and `patterns` (RE2 syntax) are found as CUSTOM; `contacts` are never found.

    `listed` are words an owner named as something, found whatever `classes` says; `never` are finds that were wrong.
    """

    classes: frozenset[PiiClass] = PROMISED
    terms: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()
    listed: tuple[tuple[str, PiiClass], ...] = ()
    never: tuple[str, ...] = ()

    @property
    def findable(self) -> frozenset[PiiClass]:
        """The classes a find may be of."""
        return self.classes | {kind for _, kind in self.listed}


Recogniser = Callable[[str], Iterator[Span]]
"""Pure; its time grows with the length of the text, and with nothing that stands in it."""


class Tagger(Protocol):
    """A model that tags words: names, and the pieces of addresses. Safe to share between threads."""

    def __call__(self, text: str, *, watch: Watch = unwatched) -> "list[Tag]":
        """Tags in order, not overlapping. `watch` is told how many characters are done, of how many."""


LoadTagger = Callable[[], Tagger]
"""Raises DetectorModelError."""


class Label(StrEnum):
    """What a tagger tells apart: what spans are made of."""

    GIVEN_NAME = "GIVEN_NAME"
    SURNAME = "SURNAME"
    EMAIL = "EMAIL"
    PHONE = "PHONE"
    URL = "URL"
    TAX_ID = "TAX_ID"
    BANK_ACCOUNT = "BANK_ACCOUNT"
    ROUTING_NUMBER = "ROUTING_NUMBER"
    GOVERNMENT_ID = "GOVERNMENT_ID"
    PASSPORT = "PASSPORT"
    DRIVERS_LICENSE = "DRIVERS_LICENSE"
    BUILDING_NUMBER = "BUILDING_NUMBER"
    STREET_NAME = "STREET_NAME"
    SECONDARY_ADDRESS = "SECONDARY_ADDRESS"
    CITY = "CITY"
    STATE = "STATE"
    ZIP_CODE = "ZIP_CODE"


@dataclass(frozen=True, slots=True)
class Tag:
    """What the model says of one piece of text, with the probability it gives."""

    start: int
    end: int
    label: Label
    score: float
