"""What is counted, and how far a team may go."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

NEAR, FULL = 80, 100
"""Per cent of a limit at which its team is told."""
SPACE_JOB = "credits:space"
"""The kind of the job, one for each team, that lets waiting documents in; `ingest` does it."""
MAIL_JOB = "credits:mail"


class Credit(StrEnum):
    WORDS = "words"  # stored: it goes down again
    QUERIES = "queries"  # answered, in one month


class Held(StrEnum):
    """How the words of a document stand."""

    RESERVED = "reserved"  # about to be stored
    STORED = "stored"
    WAITING = "waiting"  # not counted: it waits for space


COUNTED = (Held.RESERVED, Held.STORED)


@dataclass(frozen=True, slots=True)
class Limits:
    """None: no limit. `is_default`: those of the installation, for the operator set none for this team."""

    words: int | None = None
    queries: int | None = None
    is_default: bool = True


@dataclass(frozen=True, slots=True)
class Level:
    """How much of one limit is used."""

    credit: Credit
    used: int
    limit: int | None

    @property
    def left(self) -> int | None:
        return None if self.limit is None else max(self.limit - self.used, 0)

    @property
    def percent(self) -> int | None:
        """Rounded down, so that 100 means that nothing is left."""
        if self.limit is None:
            return None
        return 100 * self.used // self.limit if self.limit else FULL

    @property
    def is_near(self) -> bool:
        return self.percent is not None and self.percent >= NEAR

    @property
    def is_full(self) -> bool:
        return self.percent is not None and self.percent >= FULL


@dataclass(frozen=True, slots=True)
class Use:
    """By silo."""

    words: int = 0
    queries: int = 0
    waiting: int = 0
    """Documents that wait for space."""


@dataclass(frozen=True, slots=True)
class TeamUse:
    """`month`: YYYY-MM, UTC; the queries are of it."""

    month: str
    words: Level
    queries: Level
    waiting: int = 0
    by_silo: dict[str, Use] = field(default_factory=dict)

    @property
    def levels(self) -> tuple[Level, Level]:
        return self.words, self.queries

    @property
    def turns(self) -> datetime:
        return month_after(self.month)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A document that is ready to be stored. `instead_of`: those that go when it comes."""

    document: str
    words: int
    instead_of: tuple[str, ...] = ()


def month_of(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m}"


def month_after(month: str) -> datetime:
    """The moment at which it ends."""
    year, number = map(int, month.split("-"))
    return datetime(year + number // 12, number % 12 + 1, 1, tzinfo=UTC)
