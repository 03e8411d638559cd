"""What can go wrong with credits."""

from datetime import datetime

from muniment.core.clock import now
from muniment.core.errors import PermanentError


class LimitError(PermanentError):
    """A limit as it was wanted cannot be."""


class QueriesSpentError(PermanentError):
    """The team has had all the answers of this month. Nothing of the question was kept here: who asked has it."""

    def __init__(self, limit: int, turns: datetime) -> None:
        self.turns = turns
        super().__init__(
            "Your team has used all {limit} answers of this month, so this question was not asked; nothing is lost. "
            "Ask it again from {turns} on, 00:00 UTC, or have the operator of the server raise the limit.",
            limit=limit,
            turns=turns.date(),
        )

    @property
    def after(self) -> int:
        """Seconds until the month turns."""
        return max(int((self.turns - now()).total_seconds()) + 1, 1)
