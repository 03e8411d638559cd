"""Cut an extracted document into chunks: retrievable pieces that keep their exact place and know their headings.

A new section starts a new chunk; a chunk ends where a sentence, a row or a line of code ends. Only a sentence that is
too long for any chunk is cut, and only there do two neighbours share words. Pure and deterministic: the same document
and the same tokens give the same chunks.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from muniment.ingest.sentences import sentences
from muniment.ingest.tables import names_columns
from muniment.ingest.types import Block, BlockKind, Chunk, ExtractedDocument

TARGET = 200
LIMIT = 254
"""all-MiniLM-L6-v2 reads 256 wordpieces, of which the model's own two marks are not counted here."""

CountTokens = Callable[[list[str]], list[int]]

_CONTEXT_ROOM = 32
"""Tokens kept free of text, so that even a full chunk has room for its nearest heading."""
_CONTEXT_SHARE = 4
"""Context may cost a quarter of the text's tokens: what is embedded stays below 1.3 times the text."""
_SMALLEST_CONTEXT = 12
_OVERLAP = 12
"""Tokens that two pieces of one cut sentence share."""
_CHARACTERS_PER_TOKEN = 16
"""A "word" of 101 characters is one token to a wordpiece model: without a floor, base64 would make endless chunks."""
_LONGEST_WORD = 64

_LEGAL_UNIT = re.compile(r"(?i:Article|Art\.|Artikel|Recital|Clause|Rule|Regel|Artículo|Articolo|Artigo|§§?)\s*\d")
_PIECE = re.compile(rf"\S{{1,{_LONGEST_WORD}}}")


@dataclass(frozen=True, slots=True)
class _Unit:
    """What is never cut: a sentence, a row, a line; or a piece of one that was too long."""

    start: int
    end: int
    tokens: int
    ends_block: bool


@dataclass(frozen=True, slots=True)
class _Section:
    """Consecutive blocks under one heading; headings without words of their own stay with the section they open."""

    path: tuple[str, ...]
    base: tuple[str, ...]
    units: tuple[_Unit, ...]

    @property
    def tokens(self) -> int:
        return sum(unit.tokens for unit in self.units)


def chunk(
    document: ExtractedDocument, *, count_tokens: CountTokens, target: int = TARGET, limit: int = LIMIT
) -> list[Chunk]:
    """Chunks in reading order that hold all visible text. `count_tokens` counts wordpieces without start and end marks.

    Each chunk's `context` and `text` together have at most `limit` tokens, about `target` where the text allows.
    """
    if not 2 * _CONTEXT_ROOM < target <= limit - _CONTEXT_ROOM:
        raise ValueError("target must leave room for context below limit, and limit must be worth cutting for")
    cutter = _Cutter(document, count_tokens, limit - _CONTEXT_ROOM)
    sections = _join_small(cutter.sections(), target)
    spans = [
        (section, part[0].start, part[-1].end, sum(unit.tokens for unit in part))
        for section in sections
        for part in _pack(section.units, target, limit - _CONTEXT_ROOM)
    ]
    headers = _Headers(document)
    paths = [(*section.path, *headers.over(start)) for section, start, _, _ in spans]
    contexts = _Contexts(document, count_tokens, paths, limit)
    return [
        Chunk(
            start=start,
            end=end,
            page=document.page_of(start),
            headings=section.path,
            text=document.text[start:end],
            context=contexts.choose(path, start, end, tokens),
        )
        for (section, start, end, tokens), path in zip(spans, paths, strict=True)
    ]


class _Cutter:
    """Turns blocks into sections of units."""

    def __init__(self, document: ExtractedDocument, count_tokens: CountTokens, longest: int) -> None:
        self._text = document.text
        self._blocks = document.blocks
        self._count = count_tokens
        self._longest = longest

    def sections(self) -> list[_Section]:
        spans = [list(self._unit_spans(block)) for block in self._blocks]
        tokens = iter(self._weigh([span for block in spans for span in block]))
        sections: list[_Section] = []
        path: list[tuple[int, str]] = []
        units: list[_Unit] = []
        only_headings = True
        for block, own in zip(self._blocks, spans, strict=True):
            if block.kind is BlockKind.HEADING:
                goes_deeper = not path or block.level > path[-1][0]
                if units and not (only_headings and goes_deeper):
                    sections.append(_section(path, units))
                    units = []
                path = [*(step for step in path if step[0] < block.level), (block.level, self._heading(block))]
                only_headings = only_headings if units else True
            else:
                only_headings = False
            for span in own:
                units.extend(self._fit(span, next(tokens), ends_block=span is own[-1]))
        if units:
            sections.append(_section(path, units))
        return sections

    def _heading(self, block: Block) -> str:
        return " ".join(self._text[block.start : block.end].split())

    def _unit_spans(self, block: Block) -> Iterator[tuple[int, int]]:
        text = self._text[block.start : block.end]
        if block.kind in {BlockKind.TABLE, BlockKind.CODE}:
            yield from ((block.start + line.start(), block.start + line.end()) for line in _LINE.finditer(text))
        elif block.kind is BlockKind.HEADING:
            yield block.start, block.end
        else:
            yield from ((block.start + start, block.start + end) for start, end in sentences(text))

    def _weigh(self, spans: list[tuple[int, int]]) -> list[int]:
        counted = self._count([self._text[start:end] for start, end in spans]) if spans else []
        return [max(count, _floor(end - start)) for count, (start, end) in zip(counted, spans, strict=True)]

    def _fit(self, span: tuple[int, int], tokens: int, *, ends_block: bool) -> list[_Unit]:
        """One unit, or pieces of nearly equal length where one would not fit into any chunk."""
        if tokens <= self._longest:
            return [_Unit(*span, tokens, ends_block)]
        words = [match.span() for match in _PIECE.finditer(self._text, *span)]
        weights = self._weigh(words)
        room = self._longest - _OVERLAP
        aim = min(room, -(-sum(weights) // -(-sum(weights) // room)) + 1)
        pieces, first = [], 0
        while first < len(words):
            last, weight = self._cut(words, weights, first, aim)
            begin, weight = self._reach_back(weights, first, weight)
            pieces.append(_Unit(words[begin][0], words[last - 1][1], weight, ends_block and last == len(words)))
            first = last
        return pieces

    def _cut(self, words: list[tuple[int, int]], weights: list[int], first: int, aim: int) -> tuple[int, int]:
        """The end of the piece that starts at this word, after a clause where one ends in its last third."""
        last, weight, best = first, 0, None
        while last < len(words) and (last == first or weight + weights[last] <= aim):
            weight += weights[last]
            last += 1
            if weight * 3 >= aim * 2 and self._text[words[last - 1][1] - 1] in ";:,":
                best = last, weight
        return (last, weight) if last == len(words) or best is None else best

    @staticmethod
    def _reach_back(weights: list[int], first: int, weight: int) -> tuple[int, int]:
        begin, shared = first, 0
        while begin > 0 and shared + weights[begin - 1] <= _OVERLAP:
            begin -= 1
            shared += weights[begin]
        return begin, weight + shared


_LINE = re.compile(r"\S(?:[^\n]*\S)?")


def _floor(characters: int) -> int:
    return -(-characters // _CHARACTERS_PER_TOKEN)


def _section(path: list[tuple[int, str]], units: list[_Unit]) -> _Section:
    names = tuple(name for _, name in path)
    return _Section(names, names, tuple(units))


def _join_small(sections: list[_Section], target: int) -> list[_Section]:
    """Neighbours of one parent, each too small to be worth a chunk, become one; two Articles never do."""
    joined: list[_Section] = []
    for section in sections:
        if joined and _may_join(joined[-1], section, target):
            before = joined.pop()
            base = before.base if section.path[: len(before.base)] == before.base else section.path[:-1]
            joined.append(_Section(base, base, before.units + section.units))
        else:
            joined.append(section)
    return joined


def _may_join(before: _Section, section: _Section, target: int) -> bool:
    parent = section.path[:-1]
    is_kin = bool(section.path) and (parent == before.base or (bool(before.base) and parent == before.base[:-1]))
    is_small = section.tokens <= target // 3 and before.tokens + section.tokens <= target
    is_legal = any(_LEGAL_UNIT.match(name) for name in (*before.path, *section.path))
    return is_kin and is_small and not is_legal


def _pack(units: tuple[_Unit, ...], target: int, longest: int) -> Iterator[list[_Unit]]:
    """Parts of nearly equal length, so that no section ends in a crumb; a paragraph's end is preferred as an end."""
    left = sum(unit.tokens for unit in units)
    aim = _aim(left, target)
    part: list[_Unit] = []
    weight = 0
    for unit in units:
        if part and _is_full(part[-1], weight, unit, aim, longest):
            yield part
            left -= weight
            aim, part, weight = _aim(left, target), [], 0
        part.append(unit)
        weight += unit.tokens
    if part:
        yield part


def _aim(tokens: int, target: int) -> int:
    return -(-tokens // max(1, round(tokens / target)))


def _is_full(last: _Unit, weight: int, unit: _Unit, aim: int, longest: int) -> bool:
    if weight + unit.tokens > longest:
        return True
    if last.ends_block and weight * 5 >= aim * 4 and weight + unit.tokens > aim:
        return True
    return weight + unit.tokens // 2 > aim


class _Headers:
    """The rows that name the columns of tables: a chunk that begins within a table has it as its nearest heading."""

    def __init__(self, document: ExtractedDocument) -> None:
        self._text = document.text
        self._tables = [block for block in document.blocks if block.kind is BlockKind.TABLE]

    def over(self, start: int) -> tuple[str, ...]:
        """The header above a row at this offset; none at the header itself and outside of tables."""
        at = bisect_left(self._tables, start, key=lambda block: block.start) - 1
        if at < 0 or start >= self._tables[at].end:
            return ()
        first, *others = self._text[self._tables[at].start : self._tables[at].end].split("\n")
        return (first,) if names_columns(first, others) else ()


class _Contexts:
    """Chooses what is embedded in front of a chunk."""

    def __init__(
        self, document: ExtractedDocument, count_tokens: CountTokens, paths: list[tuple[str, ...]], limit: int
    ) -> None:
        self._text = document.text
        self._title = " ".join(document.title.split()) if document.title else ""
        self._limit = limit
        names = sorted({name for path in paths for name in path} | ({self._title} if self._title else set()))
        counts = count_tokens(names) if names else []
        self._tokens = {name: max(count, _floor(len(name))) for name, count in zip(names, counts, strict=True)}

    def choose(self, path: tuple[str, ...], start: int, end: int, tokens: int) -> str:
        """The nearest headings first, then outwards to the title, as long as they are short enough to be worth it."""
        left = min(max(tokens // _CONTEXT_SHARE, _SMALLEST_CONTEXT), self._limit - tokens)
        own = " ".join(self._text[start:end].split())
        names = path if self._title in path or not self._title else (self._title, *path)
        chosen: list[str] = []
        for name in reversed(names):
            if name in own:
                continue
            if self._tokens[name] <= left:
                chosen.append(name)
                left -= self._tokens[name]
            elif chosen:
                break  # a division's number without its name would say nothing
        return "\n".join(reversed(chosen))


def overlaps(chunks: list[Chunk]) -> list[tuple[int, int]]:
    """The spans that two neighbouring chunks share: each lies in one sentence that was too long for a chunk."""
    return [(later.start, earlier.end) for earlier, later in pairwise(chunks) if later.start < earlier.end]
