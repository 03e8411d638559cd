"""Stand-ins back to what they stand for, in words that a model wrote around them."""

import re
from collections.abc import Mapping

from muniment.pii.folding import fold
from muniment.pii.standins import NAME, STAND_IN


def restored(text: str, pairs: Mapping[str, str]) -> str:
    """`text` with the originals. `pairs` leads from stand-ins, as `StandIn` gave them, to the words they were given
    for: names in full or word by word. A stand-in that no pair knows stays; endings and capitals are the text's.
    """
    marks = {stand_in.casefold(): original for stand_in, original in pairs.items()}
    forms = _forms(pairs)

    def original(found: re.Match[str]) -> str:
        if found["mark"]:
            return marks.get(found[0].casefold(), found[0])
        endings = forms.get(found["word"].lower(), {})
        ending = found["ending"].lower()
        if ending in endings:
            return _cased(found[0], endings[ending])
        if "" in endings:
            return _cased(found["word"], endings[""]) + found["ending"]
        # Thomas stands there as a word with an s behind it: whoever leaves that out still means him.
        return _cased(found["word"], endings["s"]) if endings else found[0]

    return _ANY_CASE.sub(original, text)


_ANY_CASE = re.compile(STAND_IN.pattern, re.IGNORECASE)


def _forms(pairs: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """From the stand-in of one word to the endings with which it stands there, and the whole word of each."""
    forms: dict[str, dict[str, str]] = {}
    for stand_in, original in pairs.items():
        words = [word for word in STAND_IN.finditer(stand_in) if word["word"]]
        apart = NAME.findall(stand_in), NAME.findall(fold(original).text)
        if not words or len(apart[0]) != len(apart[1]):
            continue
        said = dict(zip(apart[0], apart[1], strict=True))
        for word in words:
            forms.setdefault(word["word"].lower(), {}).setdefault(word["ending"].lower(), said[word[0]])
    return forms


def _cased(written: str, original: str) -> str:
    if written.isupper() and len(written) > 1:
        return original.upper()
    return original[0].upper() + original[1:] if written[0].isupper() else original
