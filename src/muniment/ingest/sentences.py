"""Where sentences begin and end. Pure, deterministic, without a model: rules for English and German, safe elsewhere.

Wrongly joining two sentences costs a little precision; wrongly cutting one makes a citation that says half a thing.
So a full stop ends a sentence only where nothing speaks against it.
"""

import re

_BREAK = re.compile(r"\n[^\S\n]*\n\s*")
"""A blank line always ends a sentence."""

_END = re.compile(
    r"""(?<![.!?\u2026])(?P<mark>[.!?\u2026]+)(?P<close>["'\u201d\u2019\u201c\u00bb\u00ab)\]]*)(?P<gap>\s+)"""
    r"""|(?P<wide>[\u3002\uff01\uff1f]+[\u300d\u300f\uff09]*)"""
    r"""|(?P<line>\n\s*)(?=[-*\u2022\u25e6\u2013]\s|\(?[0-9a-zA-Z]{1,3}[.)]\s|\S[^\n]*\s\|\s)"""
    r"""|(?<=\|)(?P<row>[^\n|]*\n)"""
)
"""No part of it can be tried from every position of one long run: a hostile text costs linear time."""

_MARKER = re.compile(
    r"[(\[]?(?:[0-9]{1,3}(?:\.[0-9]{1,3})*|[a-zA-Z]{1,2}|[ivxlIVXL]{1,5})[.)\]]|[-*\u2022\u25e6\u2013\u2014]"
)
"""What numbers a list item: it belongs to the text after it, even when a parser put it on its own line."""

_OPENING = "\"'\u201c\u201e\u201a\u2018\u00ab\u00bb([\u00bf\u00a1-\u2013\u2014\u2022*#"
_WORD_BEFORE = re.compile(r"[^\s(\[\"'\u201e\u201c/]+\Z")
_BLANK = re.compile(r"\s*")
_WORD_AFTER = re.compile(r"[^\W\d_]+")

_ABBREVIATIONS = """
mr mrs ms dr prof st sr jr rev hon gen col lt capt sgt hr fr dipl ing mag
art arts abs absatz no nos nr nrn vol pp p para paras ch sec sect cl reg dir fig figs eq ref refs tab ann bd aufl
rn rdnr rz lit ziff ziffer anh kap hrsg hg ed eds vgl cf approx ca al resp bzw sog ggf evtl inkl exkl zzgl abzgl
insb insbes mind max min gem bspw ebd dgl od zb dh ua eg ie viz vs
jan feb mar apr jun jul aug sep sept oct nov dec okt dez
"""
"""Titles, references, connectives, months. Each wants something after it: a full stop here is never the end."""

_AFTER_ORDINALS = """
januar jänner februar märz april mai juni juli august september oktober november dezember
jahrhundert jahrhunderts jahrhunderte jh tag tages lebensjahr lebensjahres geburtstag auflage kapitel abschnitt
"""
"""What may follow a German ordinal ("am 25. Mai")."""

_NEVER_LAST = frozenset(_ABBREVIATIONS.split())
_NAMES_AFTER_ORDINALS = frozenset(_AFTER_ORDINALS.split())


def sentences(text: str) -> list[tuple[int, int]]:
    """Spans (start, end) in reading order: they do not overlap, begin and end with a visible character, and together
    hold every visible character of the text.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for gap in _BREAK.finditer(text):
        _split_paragraph(text, start, gap.start(), spans)
        start = gap.end()
    _split_paragraph(text, start, len(text), spans)
    return _join_markers(text, spans)


def _split_paragraph(text: str, start: int, end: int, spans: list[tuple[int, int]]) -> None:
    begin = start
    for match in _END.finditer(text, start, end):
        if match.end() >= end:
            break
        if match["mark"] and not _ends_sentence(text, begin, match):
            continue
        stop = match.end("close") if match["mark"] else match.end()
        _add(text, begin, stop, spans)
        begin = stop
    _add(text, begin, end, spans)


def _add(text: str, start: int, end: int, spans: list[tuple[int, int]]) -> None:
    piece = text[start:end]
    visible = piece.strip()
    if visible:
        first = start + len(piece) - len(piece.lstrip())
        spans.append((first, first + len(visible)))


def _ends_sentence(text: str, begin: int, match: re.Match[str]) -> bool:
    following = text[match.end() : match.end() + 40].lstrip(_OPENING)
    if following[:1].islower():
        return False
    if match["mark"] != "." or match["close"]:
        return True
    before = _WORD_BEFORE.search(text, max(begin, match.start() - 40), match.start())
    word = before[0].strip(",;:") if before else ""
    if not word:
        return False
    if word[0].isdigit():
        return _number_ends(text, begin, match, word, following)
    return not _is_abbreviation(word, following)


def _number_ends(text: str, begin: int, match: re.Match[str], word: str, following: str) -> bool:
    if _BLANK.match(text, begin).end() == match.start() - len(word):  # type: ignore[union-attr]
        return False  # "1. The controller": the number of a list item
    after = _WORD_AFTER.match(following)
    return not (len(word) <= 2 and after and after[0].lower() in _NAMES_AFTER_ORDINALS)


def _is_abbreviation(word: str, following: str) -> bool:
    plain = word.replace(".", "").lower()
    if plain in _NEVER_LAST:
        return True
    letters = word.split(".")
    if all(
        len(letter) <= 1 for letter in letters
    ):  # "J. Smith", "z. B. Berlin", "e.g. Rome", but not "in the U.S. The"
        return len(letters) == 1 or not following[:1].isupper() or plain in {"eg", "ie", "zb", "dh", "ua"}
    return False


def _join_markers(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    marker: int | None = None
    for start, end in spans:
        if _MARKER.fullmatch(text, start, end):
            marker = start if marker is None else marker
            continue
        joined.append((start if marker is None else marker, end))
        marker = None
    if marker is not None:
        joined.append((marker, spans[-1][1]))
    return joined
