"""Identity, tax and social security numbers of the European Union, the United Kingdom and the United States.

The check digits are python-stdnum's, or ours where it has none (`own_checks`). A number with letters, or with a birth
date in it, is believed wherever it stands; one of bare digits whose check passes one time in ten is believed unless the
words before it say that it is something else.
"""

import re
from collections.abc import Iterator

from muniment.pii.recognisers.context import said_before, words
from muniment.pii.recognisers.identifiers import IDENTIFIERS, Identifier
from muniment.pii.types import Span

_OTHERWISE = words(
    "isbn", "issn", "doi", "order", "invoice", "rechnung(?:snummer)?", "rechnungs-?nr", "bestell(?:nummer|nr)", "article",
    "sku", "ticket", "page", "pages", "version", "part", "tracking", "parcel", "eur", "usd", r"population", "serial",
)  # fmt: skip
_MONEY = re.compile(r"[$€£%]\s?$")


def national_ids(text: str) -> Iterator[Span]:
    for identifier in IDENTIFIERS:
        for found in identifier.shape.finditer(text):
            score = _score(identifier, text, found)
            if score:
                yield Span(*found.span(), identifier.kind, score)


def _score(identifier: Identifier, text: str, found: re.Match[str]) -> float:
    said = said_before(text, found.start(), identifier.said, reach=64)
    if identifier.needs_word and not said:
        return 0.0
    if identifier.check is not None and not identifier.check(found[0]):
        return 0.0
    if said or identifier.strong:
        return 0.99 if identifier.check else 0.9
    otherwise = said_before(text, found.start(), _OTHERWISE, reach=24) or _MONEY.search(
        text, max(0, found.start() - 2), found.start()
    )
    return 0.0 if otherwise else 0.65
