"""Questions that ask what something is, and where to look for what defines it.

A text speaks of its chief terms everywhere and defines them once: "'personal data' means any information ...". Every
chunk holds the words of "What is personal data?", so what defines is searched for as well.
"""

import re

ASKS_WHAT_SOMETHING_IS = re.compile(
    r"\W*(?:(?:what|who)\s+(?:is|are|does)|(?:was|wer)\s+(?:ist|sind|bedeutet|heißt|versteht))\b", re.IGNORECASE
)
LONGEST = 5  # words: what is defined has a name, not a description
_MOST = 200  # characters: no longer question has such a form

_ENGLISH = (
    r"\W*(?:what\s+does\s+(?P<meant>[^,;?]+?)\s+mean|"
    r"(?:what|who)\s+(?:is|are)\s+(?:meant\s+by\s+|the\s+(?:definition|meaning)\s+of\s+)?(?P<named>[^,;?]+?))[\s?.]*"
)
_GERMAN = r"\W*(?:was|wer)\s+(?:ist|sind|bedeute[nt]|heißt|versteht\s+man\s+unter)\s+(?P<named>[^,;?]+?)[\s?.]*"
_FORMS = (
    (re.compile(_ENGLISH, re.IGNORECASE), "means definition"),
    (re.compile(_GERMAN, re.IGNORECASE), "bezeichnet Begriffsbestimmung Definition"),
)
_ARTICLE = re.compile(r"(?:the|an?|der|die|das|dem|den|eine?[rmns]?)\s+", re.IGNORECASE)


def definition_sought(question: str) -> str | None:
    """What to search for beside the question, in its language; None where it does not ask what something is."""
    for form, words in _FORMS if len(question) <= _MOST else ():
        if found := form.fullmatch(question):
            named = _ARTICLE.sub("", next(name for name in found.groups() if name), count=1)
            return f"{named} {words}" if len(named.split()) <= LONGEST else None
    return None
