"""A question that asks two things, taken apart: each part is searched and answered on its own."""

import re

_ASKING = (
    r"who|whom|whose|what|which|when|where|why|how|is|are|does|do|did|can|could|must|may|should|will|"
    r"wer|wen|wem|wessen|was|welche[rsnm]?|wann|wo|warum|wie|ist|sind|kann|können|muss|müssen|darf|dürfen|soll|sollen"
)
_JOINT = re.compile(
    rf"[?;]\s+(?=\S)|(?<!\s)(?:\s*+,)?\s+(?:and|or|und|oder|sowie)\s+(?=(?:{_ASKING})\b)", re.IGNORECASE
)
"""Begins where a run of spaces begins, never within: a hostile question of spaces costs linear time, not cubic."""
_OPENS = re.compile(rf"\W*(?:{_ASKING}|under|in|at|by|to|for|from|on|with|unter|bei|von|zu|für|mit)\b", re.IGNORECASE)
MOST = 3


def parts(question: str) -> tuple[str, ...]:
    """The questions in a question, at most three; empty where it asks one thing only."""
    found = [part.strip() for part in _JOINT.split(question)]
    found = [part for part in found if len(part.split()) > 1]
    if len(found) < 2 or not all(_OPENS.match(part) for part in found):
        return ()
    return tuple(found[:MOST])
