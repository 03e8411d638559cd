"""Markdown (CommonMark with tables and strikethrough): the words as they read, without the marks; code as it stands."""

import re
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from muniment.core.cleaning import clean, one_line
from muniment.ingest.parsing.building import TextBuilder
from muniment.ingest.parsing.encoding import decode
from muniment.ingest.parsing.html import add_html
from muniment.ingest.tables import as_table
from muniment.ingest.types import BlockKind, ExtractedDocument, HiddenBy, LeftOutKind, Limits

MEDIA_TYPE = "text/markdown"

_FRONT_MATTER = re.compile(r"---\n(?P<fields>(?:[^\n]*\n){1,100}?)(?:---|\.\.\.)(?:\n|\Z)")
_TITLE_FIELD = re.compile(r"^title:[ \t]*(?P<title>[^\n]+)$", re.MULTILINE)


def parse_markdown(data: bytes, limits: Limits) -> ExtractedDocument:
    builder = TextBuilder(limits)
    text = clean(builder.look_through(decode(data)))
    front = _FRONT_MATTER.match(text)
    title = _TITLE_FIELD.search(front["fields"]) if front else None
    named: dict[str, Any] = {}
    _Walk(builder).run(_grammar().parse(text[front.end() :] if front else text, named))
    for link in named.get("references", {}).values():  # "[//]: # (words)" is how Markdown hides a remark
        if link.get("title"):
            builder.leave_out(LeftOutKind.HIDDEN, "", link["title"], hidden_by=HiddenBy.SOURCE)
    return builder.finish(media_type=MEDIA_TYPE, title=one_line(title["title"]).strip("\"'") if title else "")


@cache
def _grammar() -> MarkdownIt:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"])


class _Walk:
    """Follows the flat list of tokens, knowing which lists, quotes and tables are open."""

    def __init__(self, builder: TextBuilder) -> None:
        self._builder = builder
        self._lists: list[int | None] = []
        """The next number of each open list; None for bullets."""
        self._marker = ""
        self._heading = 0
        self._quotes = 0
        self._rows: list[list[str]] = []
        self._cells: list[str] | None = None

    def run(self, tokens: list[Token]) -> None:
        for token in tokens:
            match token.type:
                case "heading_open":
                    self._heading = int(token.tag[1])
                case "heading_close":
                    self._heading = 0
                case "blockquote_open" | "blockquote_close":
                    self._quotes += token.nesting
                case "inline":
                    self._inline(self._words(token))
                case "fence" | "code_block":
                    self._builder.add(BlockKind.CODE, token.content)
                case "html_block":
                    add_html(self._builder, token.content)
                case _:
                    self._list(token)
                    self._table(token)

    def _list(self, token: Token) -> None:
        match token.type:
            case "bullet_list_open":
                self._lists.append(None)
            case "ordered_list_open":
                self._lists.append(int(token.attrGet("start") or 1) if token.attrGet("start") != 0 else 0)
            case "bullet_list_close" | "ordered_list_close":
                self._lists.pop()
            case "list_item_open":
                number = self._lists[-1]
                self._marker = "" if number is None else f"{number}{token.markup} "
                self._lists[-1] = None if number is None else number + 1

    def _table(self, token: Token) -> None:
        match token.type:
            case "tr_open":
                self._cells = []
            case "tr_close":
                self._rows.append(self._cells or [])
                self._cells = None
            case "table_close":
                self._builder.add(BlockKind.TABLE, as_table(self._rows))
                self._rows = []

    def _inline(self, text: str) -> None:
        if self._cells is not None:
            self._cells.append(text)
        elif self._heading:
            self._builder.add(BlockKind.HEADING, one_line(text), level=self._heading)
        elif self._lists:
            self._builder.add(BlockKind.LIST_ITEM, self._marker + text, level=len(self._lists) - 1)
            self._marker = ""
        else:
            self._builder.add(BlockKind.QUOTE if self._quotes else BlockKind.PARAGRAPH, text)

    def _words(self, token: Token) -> str:
        """What a reader sees: the text of links, code without its ticks, no HTML tags.

        What a picture is said to show is listed: nobody sees it where the picture is shown.
        """
        parts: list[str] = []
        for child in token.children or []:
            if child.type in {"text", "code_inline", "text_special"}:
                parts.append(child.content)
            elif child.type in {"softbreak", "hardbreak"}:
                parts.append("\n")
            elif child.type == "image":
                self._builder.leave_out(LeftOutKind.DESCRIPTION, "", child.content)
            elif child.type == "html_inline" and child.content.startswith("<!--"):
                add_html(self._builder, child.content)
        return "".join(parts)
