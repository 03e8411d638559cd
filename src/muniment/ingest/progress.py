"""How far a document is on its way in, as its job publishes it: content-free, one short text for each document."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self


class Step(StrEnum):
    READING = "reading"  # pages
    MASKING = "masking"  # hundredths of the text
    INDEXING = "indexing"  # chunks


@dataclass(frozen=True, slots=True)
class Progress:
    """`of` is 0 where the whole is not known."""

    step: Step
    done: int
    of: int

    def to_text(self) -> str:
        return f"{self.step} {self.done}/{self.of}"

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Raises ValueError for what `to_text` cannot have written."""
        step, _, counts = text.partition(" ")
        done, _, of = counts.partition("/")
        return cls(Step(step), int(done), int(of))
