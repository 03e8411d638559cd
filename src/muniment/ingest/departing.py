"""How many documents are at stake when a member leaves; their agents go, or stay, in `agents.departing`."""

from collections.abc import Mapping

from muniment.agents.selectors import owned
from muniment.core.actors import system_in
from muniment.core.errors import CorruptedError, NotFoundError
from muniment.core.registries import Departure
from muniment.credits.selectors import use_of
from muniment.ingest.selectors import totals
from muniment.teams.types import Stake


class DocumentsOfTheLeaving:
    def preview(self, departure: Departure) -> Mapping[str, int]:
        """Counted without opening a record, by the product itself: who removes people may not see their agents."""
        count = words = 0
        for agent in owned(departure):
            words += use_of(departure.team, agent.silo).words
            try:
                count += totals(system_in(departure.team), agent).all
            except (CorruptedError, NotFoundError):  # a damaged one counts for nothing, and goes as it is
                continue
        return {Stake.DOCUMENTS: count, Stake.WORDS: words}

    def delete(self, departure: Departure) -> None:
        """With their agents."""

    def transfer(self, departure: Departure) -> None:
        """With their agents."""


DOCUMENTS = DocumentsOfTheLeaving()
