"""Answers as HTML and as plain text. The only place where the words of a model or of a document become markup.

Attack stopped: EchoLeak and its kin (CVE-2025-32711), where a document makes the model write a link or an image whose
address carries the conversation to somebody else. Markdown is read into a tree; the writer below knows a closed list
of nodes and writes every tag itself, so neither an address nor an attribute of the text's own can come out, at no
byte of a stream: a half-written answer is just another text. Residue accepted: the name of a host is shown as words.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from html import escape
from itertools import groupby
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.token import Token

from muniment.chat.types import Citation, Sentence
from muniment.core.ids import id_bytes
from muniment.ingest.tables import cells, names_columns

# U+FDD0..FDEF are noncharacters: Unicode keeps them for internal use and no text may hold them. What a text holds all
# the same is taken out first, so these marks can be set by this module only.
_MARK, _QUOTE, _CLOSE = "\ufdd0", "\ufdd1", "\ufdd2"
_RESERVED = re.compile("[\ufdd0-\ufdef]")
_SET = re.compile(f" ?{_MARK}(\\d+){_CLOSE}|{_QUOTE}(\\d+){_CLOSE}")
_ADDRESS = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]{0,30}:/{2,3}[^\s<>\"'`)\]|\ufdd0-\ufdef]*")
_LONGEST_HOST = 80

_TAGS = {
    "paragraph": "p", "em": "em", "strong": "strong", "bullet_list": "ul", "ordered_list": "ol", "list_item": "li",
    "blockquote": "blockquote", "table": "table", "thead": "thead", "tbody": "tbody", "tr": "tr", "th": "th",
    "td": "td",
}  # fmt: skip
"""Every element an answer may have, beside <code>, <pre>, <br> and the markers of citations."""


def numbers_of(sentences: Iterable[Sentence]) -> dict[Citation, int]:
    """Each citation once with its number, in the order of the answer, counted from 1."""
    cited = dict.fromkeys(citation for sentence in sentences for citation in sentence.citations)
    return {citation: number for number, citation in enumerate(cited, 1)}


def render(sentences: Sequence[Sentence], *, message: str, numbers: Mapping[Citation, int] | None = None) -> str:
    """Safe HTML of an answer or of any beginning of one.

    `message` is the message's id. Markers are numbered by `numbers`, or by `numbers_of(sentences)` without.
    """
    id_bytes(message)  # it becomes part of an attribute: nothing but an id may
    numbers = numbers_of(sentences) if numbers is None else numbers
    source = _Source(numbers)
    tokens = _parser().parse("".join(source.of(sentences)))
    cited = (numbers[citation] for sentence in sentences for citation in sentence.citations)
    return _Writer(message, source.quotes).answer(tokens, cited)


class _Source:
    """Markdown in which a quote is a mark (its words never meet the parser) and each citation is a mark."""

    def __init__(self, numbers: Mapping[Citation, int]) -> None:
        self._numbers = numbers
        self.quotes: list[str] = []
        """what each mark stands for"""

    def of(self, sentences: Sequence[Sentence]) -> Iterator[str]:
        before: list[Sentence] = []
        for some in _together(sentences):
            # A quote never shares a paragraph with Markdown: nothing written before it can swallow it. Nor a table.
            apart = some[0].paragraph or len(some) > 1 or len(before) > 1
            if before:
                yield "\n\n" if apart or some[0].is_quote is not before[0].is_quote else " "
            yield self._table(some) if len(some) > 1 else self._sentence(some[0])
            before = some

    def _sentence(self, one: Sentence) -> str:
        if one.is_quote:
            return self._quote(one.words) + self._marks(one)
        return _with_marks(_RESERVED.sub("", one.text), self._marks(one))

    def _table(self, rows: Sequence[Sentence]) -> str:
        """The first row names the columns. Each cell is a mark of its own, and the citation stands in the last."""
        lines = [" | ".join(map(self._quote, cells(row.text))) + self._marks(row) for row in rows]
        ruler = " | ".join("---" for _ in cells(rows[0].text))
        return "\n".join(f"| {line} |" for line in (lines[0], ruler, *lines[1:]))

    def _quote(self, words: str) -> str:
        self.quotes.append(words)
        return f"{_QUOTE}{len(self.quotes) - 1}{_CLOSE}"

    def _marks(self, one: Sentence) -> str:
        numbers = sorted({self._numbers[citation] for citation in one.citations})
        return "".join(f" {_MARK}{number}{_CLOSE}" for number in numbers)


def _together(sentences: Sequence[Sentence]) -> Iterator[list[Sentence]]:
    """A row that names its columns with those that follow it, and each other sentence on its own."""

    def table(one: Sentence) -> tuple[str, int] | None:
        return (one.citations[0].document, len(cells(one.text))) if one.is_row else None

    for found, some in groupby(sentences, key=table):
        rows = list(some)
        if found and names_columns(rows[0].text, [row.text for row in rows[1:]]):
            yield rows
        else:
            yield from ([row] for row in rows)


def _with_marks(text: str, marks: str) -> str:
    """Marks go where they do not break the line they stand on: inside a table's last cell, below a fence."""
    if not marks:
        return text
    text = text.rstrip()
    last = text.rpartition("\n")[2].strip()
    if last.endswith("|") and any(map(str.isalnum, last)):
        return f"{text[:-1].rstrip()}{marks} |"
    return f"{text}\n\n{marks[1:]}" if last.startswith(("```", "~~~")) else text + marks


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    # Every link is recognised as one, whatever its scheme, so that its address is dropped instead of shown.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]  # noqa: ARG005 - its name is the library's
    return parser


class _Writer:
    def __init__(self, message: str, quotes: Sequence[str]) -> None:
        self._message = message
        self._quotes = quotes
        self._out: list[str] = []
        self._marked_with: set[int] = set()

    def answer(self, tokens: Sequence[Token], cited: Iterable[int]) -> str:
        for token in tokens:
            self._block(token)
        # Markdown such as "[1]:" takes the rest of its line, a marker with it, for an address: it is shown below.
        if lost := sorted(set(cited) - self._marked_with):
            self._out.append(f"<p>{''.join(map(self._marker, lost))}</p>")
        return "".join(self._out)

    def _block(self, token: Token) -> None:
        if token.type == "inline":
            self._inline(token.children or [])
        elif token.type in {"fence", "code_block"}:
            self._out.append(f"<pre><code>{self._text(token.content)}</code></pre>")
        elif token.type in {"heading_open", "heading_close"}:
            self._out.append("<p><strong>" if token.nesting > 0 else "</strong></p>")
        else:
            self._element(token)

    def _element(self, token: Token) -> None:
        """The tag of an allowed node; of any other node only the words, which are no node of this list."""
        tag = _TAGS.get(token.type.removesuffix("_open").removesuffix("_close"))
        if tag is None:
            self._out.append(self._text(token.content))
        elif not token.hidden:
            self._out.append(f"<{tag}{_start(token)}>" if token.nesting > 0 else f"</{tag}>")

    def _inline(self, tokens: Sequence[Token]) -> None:
        links: list[tuple[str, int]] = []
        for token in tokens:
            if token.type == "link_open":
                links.append((_host(str(token.attrs.get("href", ""))), len(self._out)))
            elif token.type == "link_close":
                self._close_link(*links.pop())
            elif token.type == "image":
                self._inline(token.children or [])
            elif token.type == "code_inline":
                self._out.append(f"<code>{self._text(token.content)}</code>")
            elif token.type in {"hardbreak", "softbreak"}:
                self._out.append("<br>" if token.type == "hardbreak" else "\n")
            else:
                self._element(token)

    def _close_link(self, host: str, began: int) -> None:
        """A link is its words and, in brackets, where it would have led."""
        if host and "".join(self._out[began:]) != escape(host):
            self._out.append(f" ({escape(host)})")

    def _text(self, text: str) -> str:
        """Escaped text; marks become markers and quotes. Addresses shrink to their hosts: an address can carry words
        of the conversation, and a reader copies what looks like one.
        """
        parts: list[str] = []
        end = 0
        for found in _SET.finditer(text):
            own = self._marker(int(found[1])) if found[1] else escape(self._quotes[int(found[2])])
            parts += _words(text[end : found.start()]), own
            end = found.end()
        return "".join((*parts, _words(text[end:])))

    def _marker(self, number: int) -> str:
        self._marked_with.add(number)
        label = escape(_("Source %(number)d") % {"number": number})
        return (
            f'<a class="citation" href="#source-{self._message}-{number}" data-citation="{number}" '
            f'aria-label="{label}">{number}</a>'
        )


def _start(token: Token) -> str:
    """The one attribute a list may have: the number it begins with."""
    start = token.attrs.get("start")
    return f' start="{start}"' if isinstance(start, int) and token.type == "ordered_list_open" else ""


def _words(text: str) -> str:
    return escape(_ADDRESS.sub(lambda found: _host(found[0]) or "\u2026", text))


def _host(address: str) -> str:
    """The host of an address; empty where it has none."""
    try:
        host = urlsplit(_RESERVED.sub("", address.replace("\\", "/"))).hostname
    except ValueError:  # "http://[": not an address
        return ""
    return (host or "")[:_LONGEST_HOST]
