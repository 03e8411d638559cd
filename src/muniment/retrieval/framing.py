"""Words a question asks with rather than about: a document need not hold them, and where it does that says nothing.

"Must" is rare in a law that says "shall", so rarity alone would make it the weightiest word of a question.
"""

import re

_FRAMING = re.compile(
    r"""
    \bhow\s+(?:long|many|much|high|low|big|large|often|far|soon|old)\b
    | \b(?:must|shall|may|might|ought\s+to|needs?\s+to|ha(?:s|ve)\s+to|(?:is|are)\s+(?:allowed|supposed)\s+to)\b
    | ^\W*(?:please\s+)?(?:explain|list|describe|define|summari[sz]e|(?:tell|give|show)\s+me)\b
    | \bmeans?\W*$ | \bthe\s+meaning\s+of\b | \bwhat\s+happens\b | \bplease\b
    | \bwie\s+(?:lange?|viele?|hoch|oft|groß|weit|alt)\b
    | \b(?:muss|müssen|darf|dürfen|soll|sollen|kann|können)\b
    | ^\W*(?:bitte\s+)?(?:erkläre?|nenne?|beschreibe?|definiere?|liste)\b(?:\s+mir)?
    | \b(?:bedeutet|heißt|bedeuten)\b | \bversteht\s+man\s+unter\b | \bwas\s+passiert\b | \bbitte\b
    """,
    re.IGNORECASE | re.VERBOSE,
)


def subject(question: str) -> str:
    """The question without its framing; as it is where nothing else would be left."""
    rest = _FRAMING.sub(" ", question)
    return rest if re.search(r"\w{3}", rest) else question
