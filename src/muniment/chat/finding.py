"""What one person may be answered from: passages of documents that are masked for him as is chosen now."""

from collections.abc import Callable

from muniment.agents.selectors import masking_in
from muniment.chat.errors import MaskedMeanwhileError
from muniment.chat.showing import Showing
from muniment.ingest.selectors import Sight, View, masked_otherwise
from muniment.retrieval.types import Passage
from muniment.silo.chunks import row
from muniment.silo.sealed import Silo
from muniment.silo.types import Table


def find(silo: Silo, sight: Sight, search: Callable[..., list[Passage]]) -> tuple[tuple[Passage, ...], Showing]:
    """`search` takes `denied`, the documents of which nothing is to be found.

    A document may be masked and cut anew between the search and the look at it: what was found of it is gone then.
    """
    denied = _waiting(silo, sight)
    while True:
        found = search(denied=denied)
        with silo.reading() as reader:
            showing = Showing(sight, reader, {one.document for one in found})
            there = set(reader.existing(Table.CHUNK, [row(part.number) for one in found for part in one.parts]))
            if not any(showing.view(one.document) is View.WAITING for one in found):
                return tuple(one for one in found if there.issuperset(row(part.number) for part in one.parts)), showing
            denied = masked_otherwise(reader, sight.masking.stamp)


def check_masking(silo: Silo, sight: Sight) -> None:
    """Attack stopped: masking is switched on or extended while an answer is under way, and it goes on with names to who
    may not see them. Residue accepted: what was told before that. Raises MaskedMeanwhileError.
    """
    if sight.names:
        return
    with silo.reading() as reader:
        if masking_in(silo, reader).stamp != sight.masking.stamp:
            raise MaskedMeanwhileError("What this agent masks was changed while it answered. Ask again.")


def _waiting(silo: Silo, sight: Sight) -> set[str]:
    """What was masked otherwise and waits for its turn. One whose turn failed is seen when it is found."""
    if sight.names:
        return set()
    with silo.reading() as reader:
        return masked_otherwise(reader, sight.masking.stamp) if reader.count(Table.AGAIN) else set()
