"""Puts what a follow-up names in the place of what it stands for in the question before: by the form of the question.

No meaning is guessed (the embedding model took "processors" for "processing activities"): four forms are known, and
where none fits, nothing is replaced.
"""

import re

NAMES = (
    r"and|or|but|also|then|so|what\s+about|how\s+about|what\s+if|why\s+not|und|oder|aber|auch|dann|"
    r"was\s+ist\s+mit|wie\s+ist\s+es\s+(?:mit|bei)|wie\s+sieht\s+es\s+(?:mit|bei)"
)
"""How a follow-up begins that names something else."""

LONGEST = 6  # words of a phrase that takes another's place

_PLACE = r"in|on|at|under|during|after|before|within|im|am|bei|unter|nach|vor"
_OTHER = r"for|to|of|by|with|from|about|against|für|mit|von|zu|zum|zur|auf|an|über|gegen"
_ARTICLE = r"the|an?|der|die|das|den|dem|des|eine?[nmrs]?"
_OWNER = r"its|their|his|her|ihre?[nmrs]?|seine?[nmrs]?|deren|dessen"
_MODAL = r"must|shall|may|can|should|muss|müssen|darf|dürfen|soll|sollen|kann|können"
_BE = r"is|are|was|were|does|do|did|has|have|ist|sind|war|waren|wird|werden|hat|haben"
_WORD = r"[^\W_]++(?:[-'\u2019][^\W_]++)*+"
_SMALL = (
    rf"(?:{_PLACE}|{_OTHER}|{_ARTICLE}|{_OWNER}|{_MODAL}|{_BE}|"
    r"be|been|not|nicht|and|or|und|oder|if|when|wenn|I|we|you|ich|wir|man)"
)
_NOUN = rf"\b(?!{_SMALL}\b){_WORD}"
_NOUNS = rf"{_NOUN}(?:\s+{_NOUN}){{0,11}}"
"""A phrase. More words than a real one has are not tried: a hostile question of one phrase costs linear time. Not
possessive: until Python 3.11.5 a group that is, and that itself tries back, matches wrongly (gh-106052).
"""

_FOLLOWING = re.compile(
    rf"\W*(?:(?P<ways>{NAMES})\W+)+(?:(?P<place>{_PLACE})\s+|(?P<other>{_OTHER})\s+)?"
    rf"(?:(?P<article>{_ARTICLE})\s+|(?P<owner>{_OWNER})\s+)?(?P<named>{_WORD}(?:\s+{_WORD}){{0,{LONGEST - 1}}})\W*",
    re.IGNORECASE,
)
_ASKS = re.compile(
    rf"\b(?:{_MODAL}|{_BE}|who|what|which|when|where|why|how|if|wer|was|welche\w?|wann|wo|warum|wie|wenn)\b",
    re.IGNORECASE,
)
_OWNED = re.compile(rf"\b(?P<phrase>{_NOUNS})\s+(?:of|des|der|von)\s", re.IGNORECASE)
_SUBJECT = re.compile(
    rf"\b(?P<asks>{_MODAL}|{_BE})\s+(?P<phrase>(?:(?:{_ARTICLE})\s+)?{_NOUNS})(?P<rest>.*)", re.IGNORECASE
)
_WHO = re.compile(r"\W*(?:who|wer)\b", re.IGNORECASE)
_IS = re.compile(r"\W*(?:what|who|was|wer)\s+(?:is|are|was|were|ist|sind)\b", re.IGNORECASE)
_LAST = re.compile(rf"(?P<phrase>(?:\b(?:{_ARTICLE})\s+)?{_NOUNS})\W*\Z", re.IGNORECASE)


def substituted(before: str, following: str) -> str | None:
    """The question before with what `following` names in its place; None where it is not clear which place."""
    found = _FOLLOWING.fullmatch(following)
    if not found or _ASKS.search(found["named"]):
        return None
    named = f"{found['article']} {found['named']}" if found["article"] else found["named"]
    return (
        _from_the_same_word(before, found["named"])
        or _after_the_same_preposition(before, found["place"] or found["other"], named)
        or (_of_the_same_owner(before, found["named"]) if found["owner"] else None)
        or (None if found["place"] else _in_the_form(before, named, found))
    )


def _from_the_same_word(before: str, named: str) -> str | None:
    """From the shared word on: "the right to data portability" after "What is the right of access?"."""
    first, *rest = named.split()
    at = re.search(rf"\b{re.escape(first)}\b", before, re.IGNORECASE) if rest else None
    return f"{before[: at.start()]}{named}?" if at else None


def _after_the_same_preposition(before: str, preposition: str | None, named: str) -> str | None:
    if not preposition:
        return None
    words = len(re.sub(rf"(?:{_ARTICLE})\s+", "", named, flags=re.IGNORECASE).split())
    phrase = rf"(?P<phrase>(?:(?:{_ARTICLE})\s+)?{_NOUN}(?:\s+{_NOUN}){{0,{words - 1}}})"
    at = re.search(rf"\b{preposition}\s+{phrase}", before, re.IGNORECASE)
    return _put(before, at, named) if at else None


def _of_the_same_owner(before: str, named: str) -> str | None:
    """As with "its powers" after "What are the tasks of the authority?"."""
    at = _OWNED.search(before)
    return _put(before, at, named) if at else None


def _in_the_form(before: str, named: str, found: re.Match[str]) -> str | None:
    """In the place of who acts ("must a controller record"), or of the last thing named ("the right to erasure")."""
    if _IS.match(before):
        is_aside = "about" in found["ways"].lower() or found["other"]
        at = None if is_aside else _LAST.search(before)
        return _put(before, at, named) if at else None
    at = None if _WHO.match(before) else _SUBJECT.search(before)
    if at is None:
        words = len(found["named"].split())
        phrase = rf"(?P<phrase>(?:\b(?:{_ARTICLE})\s+)?{_NOUN}(?:\s+{_NOUN}){{0,{words - 1}}})"
        last = re.search(rf"{phrase}\W*\Z", before, re.IGNORECASE)
        return None if found["other"] or last is None else _put(before, last, named)
    if found["other"] and not re.fullmatch(_MODAL, at["asks"], re.IGNORECASE):
        return None  # "And for staff?" after "What does parking cost?": for whom, not what
    return _put(before, at, named, acting=not re.match(r"\s+(?:be|been|do|have)\b", at["rest"]))


def _put(before: str, at: re.Match[str], named: str, *, acting: bool = False) -> str:
    """`acting`: the last word of the phrase is what is done ("a controller record"), and stays."""
    start, end = at.span("phrase")
    words = list(re.finditer(_WORD, before[start:end]))
    articles = sum(bool(re.fullmatch(_ARTICLE, word[0], re.IGNORECASE)) for word in words)
    if acting and len(words) - articles > 1 and words[-1][0].islower():
        end = start + words[-2].end()
    article = re.match(rf"(?:{_ARTICLE})\s+", before[start:end], re.IGNORECASE)
    if article and not named.endswith("s") and not re.match(rf"(?:{_ARTICLE})\s", named, re.IGNORECASE):
        named = article[0] + named
    return before[:start] + named + before[end:]
