"""Looking at a text with an agent's rules before they are applied. The text is stored nowhere and written to no log."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from muniment.agents.selectors import masking_of, read_wanted, sees_names
from muniment.agents.services import open_silo
from muniment.agents.types import MaskingMode, MaskingRules
from muniment.core.actors import Actor
from muniment.core.cleaning import clean
from muniment.core.errors import PermissionDeniedError
from muniment.core.permissions import Permission
from muniment.ingest.errors import TextTooLongError
from muniment.ingest.selectors import open_document
from muniment.pii.services import find_personal_data
from muniment.pii.types import PiiClass, Span

if TYPE_CHECKING:
    from muniment.agents.models import Agent

LOOKED_AT = 6_000  # characters at once: half a second of a core, and what a person reads through


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the text: as it stands, or a find. `number` is that of the find's words among all that were found."""

    words: str
    kind: PiiClass | None = None
    instead: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Find:
    number: int
    kind: PiiClass
    words: str
    instead: str
    count: int


@dataclass(frozen=True)
class Looked:
    """The whole text in pieces."""

    pieces: tuple[Piece, ...]

    @cached_property
    def finds(self) -> list[Find]:
        """Each once, in order."""
        found = [piece for piece in self.pieces if piece.kind]
        counts = Counter(piece.number for piece in found)
        first = {piece.number: piece for piece in reversed(found)}
        return [
            Find(number, one.kind, one.words, one.instead, counts[number])
            for number, one in sorted(first.items())
            if one.kind
        ]

    @cached_property
    def counts(self) -> Counter[PiiClass]:
        return Counter(piece.kind for piece in self.pieces if piece.kind)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a document's text, from 1 of `of`."""

    name: str
    text: str
    number: int
    of: int

    @property
    def before(self) -> int:
        return self.number - 1

    @property
    def after(self) -> int:
        return self.number + 1


def look(actor: Actor, agent: "Agent", text: str, rules: MaskingRules | None = None) -> Looked:
    """What would be found in a text by the rules as they shall be, and what would stand there instead.

    Raises TextTooLongError, DetectorModelError, and what `find_personal_data` raises while the detector is down.
    """
    silo = open_silo(actor=actor, agent=agent, permission=Permission.AGENT_UPDATE)
    if len(text) > LOOKED_AT:
        raise TextTooLongError(len(text), LOOKED_AT)
    text = clean(text)
    if rules is None:
        with silo.reading() as reader:
            rules = read_wanted(reader)
    if rules.mode is MaskingMode.OFF:  # what the usual mode would do
        rules = MaskingRules(MaskingMode.STAND_INS, rules.selection)
    masking = masking_of(silo, rules)
    spans = find_personal_data(text, selection=masking.selection)
    instead = [masking.stand_in(span.kind, text[span.start : span.end]) for span in spans]
    return Looked(tuple(_pieces(text, spans, instead)))


def document_part(actor: Actor, agent: "Agent", document: str, number: int) -> Part:
    """Some of a live document's extracted text, for who sees the names in it. Recorded as an event."""
    if not sees_names(actor, agent):
        raise PermissionDeniedError("Your role does not allow this. Ask an owner of the team.")
    opened = open_document(actor, agent, document)
    starts = _starts(opened.text.text)
    number = min(max(number, 1), len(starts))
    start = starts[number - 1]
    end = starts[number] if number < len(starts) else len(opened.text.text)
    return Part(opened.document.name, opened.text.text[start:end], number, len(starts))


def _starts(text: str) -> list[int]:
    """Of parts that fit, each up to the end of a line or a word where there is one."""
    starts = [0]
    while len(text) - starts[-1] > LOOKED_AT:
        first, last = starts[-1] + LOOKED_AT // 2, starts[-1] + LOOKED_AT
        ends = (text.rfind(sign, first, last) for sign in ("\n\n", "\n", " "))
        starts.append(next((end + 1 for end in ends if end >= 0), last))
    return starts


def _pieces(text: str, spans: Sequence[Span], instead: Sequence[str]) -> Iterator[Piece]:
    numbers: dict[tuple[PiiClass, str], int] = {}
    at = 0
    for span, word in zip(spans, instead, strict=True):
        if at < span.start:
            yield Piece(text[at : span.start])
        words = text[span.start : span.end]
        yield Piece(words, span.kind, word, numbers.setdefault((span.kind, words), len(numbers) + 1))
        at = span.end
    if at < len(text):
        yield Piece(text[at:])
