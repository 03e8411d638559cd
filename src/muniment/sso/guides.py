"""Guides to setting up identity providers: those of the repository, with a connection's own addresses in them, to copy.

They are there in each language of the pages. Their words are ours alone; they are rendered without HTML all the same,
and lead to each other and to nothing else.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy
from markdown_it import MarkdownIt

from muniment.core.errors import NotFoundError
from muniment.sso.types import Protocol

if TYPE_CHECKING:
    from pathlib import Path

    from markdown_it.token import Token

    from muniment.sso.models import Connection

GUIDES: Mapping[Protocol, Mapping[str, Any]] = {
    Protocol.SAML: {
        "okta": "Okta",
        "entra": "Entra ID",
        "google": "Google Workspace",
        "pingone": "PingOne",
        "keycloak": "Keycloak",
        "simplesamlphp": "SimpleSAMLphp",
    },
    Protocol.OIDC: {"openid-connect": gettext_lazy("Any provider of OpenID Connect")},
}
"""File and label, in the order they are offered."""

_EXAMPLE = "https://muniment.example.org"
_EXAMPLE_ID = "CONNECTION"
_EXPLAINED = re.compile(rf"; `{_EXAMPLE_ID}` [^.]+")
_OURS = "address_of_ours"
_TITLE = re.compile(r"\A# (.+)\n")
_PICTURE = re.compile(r"(?:\.\./)+pictures/([a-z-]+\.(?:svg|png))")


class Guide(NamedTuple):
    title: str
    html: SafeString


def guide(
    connection: "Connection", name: str, *, to_guide: Callable[[str], str], to_picture: Callable[[str], str]
) -> Guide:
    """`to_guide` and `to_picture` give the address of what is named. NotFoundError for another protocol's, too."""
    offered = GUIDES[Protocol(connection.protocol)]
    if name not in offered:
        raise NotFoundError("There is no such guide.")
    text = (_folder(get_language()) / f"{name}.md").read_text(encoding="utf-8")
    text = _EXPLAINED.sub("", text).replace(_EXAMPLE, settings.MUNIMENT_BASE_URL.origin)
    title, *_ = _TITLE.findall(text)
    tokens = _parser().parse(_TITLE.sub("", text).replace(_EXAMPLE_ID, connection.pk))
    for token in _with_children(tokens):
        _lead(token, offered, to_guide, to_picture)
    return Guide(title, mark_safe(_parser().renderer.render(tokens, _parser().options, {})))  # noqa: S308 - escaped by the renderer, of a text of ours


def picture(name: str) -> bytes:
    """One of those that guides show. NotFoundError."""
    if name not in pictures():
        raise NotFoundError("There is no such picture.")
    return (settings.MUNIMENT_DOCS / "guide/pictures" / name).read_bytes()


@cache
def pictures() -> frozenset[str]:
    texts = (file.read_text(encoding="utf-8") for file in _folder().rglob("*.md"))
    return frozenset(name for text in texts for name in _PICTURE.findall(text))


def _folder(language: str | None = None) -> "Path":
    """With the English ones, and a folder for each other language."""
    folder: Path = settings.MUNIMENT_DOCS / "guide/single-sign-on"
    return folder if language in (None, settings.LANGUAGE_CODE) else folder / language


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    parser.add_render_rule(_OURS, _address)
    parser.parse("x\n")  # it puts its rules together the first time, which two threads must not do at once
    return parser


def _address(_renderer: Any, tokens: "Sequence[Token]", number: int, *_rest: Any) -> str:
    """One of our addresses, to be copied. Each stands in a guide once."""
    value = tokens[number].content
    return render_to_string("sso/guide_address.html", {"value": value, "id": "guide-" + value.rpartition("/")[2]})


def _with_children(tokens: "Iterable[Token]") -> "Iterable[Token]":
    for token in tokens:
        yield token
        yield from token.children or ()


def _lead(
    token: "Token", offered: Iterable[str], to_guide: Callable[[str], str], to_picture: Callable[[str], str]
) -> None:
    """A link to what is no page here becomes its words; an address of ours can be copied."""
    if token.type == "code_inline" and token.content.startswith(f"{settings.MUNIMENT_BASE_URL.origin}/sso/"):
        token.type = _OURS
    if token.type == "image" and (shown := _PICTURE.fullmatch(str(token.attrs["src"]))):
        token.attrs["src"] = to_picture(shown[1])
    if token.type == "link_open":
        name = str(token.attrs["href"]).removesuffix(".md")
        token.attrs = {"href": to_guide(name)} if name in offered else {}
