"""What an answer looks like as HTML and as plain text."""

from muniment.chat.markdown import numbers_of, render
from muniment.chat.types import Citation, Sentence, as_text

MESSAGE = "a" * 26


def _quote(text: str, *, start: int = 0, paragraph: bool = False) -> Sentence:
    return Sentence(text, (Citation("d" * 26, 1, 3, start, start + len(text), text),), paragraph)


def _written(text: str, *, cited: bool = True, paragraph: bool = False) -> Sentence:
    citation = Citation("d" * 26, 1, None, 0, 5, "other")
    return Sentence(text, (citation,) if cited else (), paragraph)


def _marker(number: int) -> str:
    target = f"#source-{MESSAGE}-{number}"
    return f'<a class="citation" href="{target}" data-citation="{number}" aria-label="Source {number}">{number}</a>'


def test_a_quote_is_shown_as_it_stands_with_blanks_made_one() -> None:
    html = render([_quote("1.   Use *x*\n<b> & [y](z) `q`  | 2")], message=MESSAGE)
    assert html == f"<p>1. Use *x* &lt;b&gt; &amp; [y](z) `q` | 2{_marker(1)}</p>"


def test_each_citation_has_one_number_throughout() -> None:
    first, second = _quote("One."), _quote("Two.", start=9)
    html = render([first, second, first], message=MESSAGE)
    assert html == f"<p>One.{_marker(1)} Two.{_marker(2)} One.{_marker(1)}</p>"


def test_a_part_may_be_numbered_as_in_the_whole() -> None:
    first, second = _quote("One."), _quote("Two.", start=9)
    html = render([second], message=MESSAGE, numbers=numbers_of([first, second]))
    assert html == f"<p>Two.{_marker(2)}</p>"


def test_paragraphs_are_kept() -> None:
    html = render([_quote("One."), _quote("Two.", start=9, paragraph=True)], message=MESSAGE)
    assert html == f"<p>One.{_marker(1)}</p><p>Two.{_marker(2)}</p>"


def test_markdown_of_a_model_is_shown_as_such() -> None:
    sentences = [_written("## Two *kinds* of **data.**"), _written("- `a`\n- b", paragraph=True)]
    html = render(sentences, message=MESSAGE)
    assert html == (
        f"<p><strong>Two <em>kinds</em> of <strong>data.</strong>{_marker(1)}</strong></p>"
        f"<ul><li><code>a</code></li><li>b{_marker(1)}</li></ul>"
    )


def test_numbered_lists_keep_their_first_number() -> None:
    assert render([_written("3. c\n4. d", cited=False)], message=MESSAGE) == '<ol start="3"><li>c</li><li>d</li></ol>'


def test_tables_and_code_keep_their_form_and_their_marker() -> None:
    html = render([_written("| a |\n|---|\n| b |"), _written("```py\nx < 1\n```", paragraph=True)], message=MESSAGE)
    assert html == (
        "<table><thead><tr><th>a</th></tr></thead>"
        f"<tbody><tr><td>b{_marker(1)}</td></tr></tbody></table>"
        f"<pre><code>x &lt; 1\n</code></pre><p>{_marker(1)}</p>"
    )


def test_quoted_rows_become_a_table() -> None:
    header = _quote("Ward | Hours", paragraph=True)
    row = _quote("<Eight> | *15*", start=20, paragraph=True)
    after = _quote("Be kind.", start=40)
    assert render([header, row, after], message=MESSAGE) == (
        f"<table><thead><tr><th>Ward</th><th>Hours{_marker(1)}</th></tr></thead>"
        f"<tbody><tr><td>&lt;Eight&gt;</td><td>*15*{_marker(2)}</td></tr></tbody></table>"
        f"<p>Be kind.{_marker(3)}</p>"
    )
    assert as_text([header, row]) == "Ward | Hours\n<Eight> | *15*"


def test_rows_of_two_tables_stay_apart() -> None:
    html = render([_quote("a | b", paragraph=True), _quote("a | b | c", start=9, paragraph=True)], message=MESSAGE)
    assert html == f"<p>a | b{_marker(1)}</p><p>a | b | c{_marker(2)}</p>"


def test_rows_without_a_header_are_no_table() -> None:
    html = render([_quote("Ward: a | Beds: 1"), _quote("Ward: b | Beds: 2", start=30, paragraph=True)], message=MESSAGE)
    assert html == f"<p>Ward: a | Beds: 1{_marker(1)}</p><p>Ward: b | Beds: 2{_marker(2)}</p>"


def test_links_are_words_and_a_host() -> None:
    text = "[the *office*](https://ico.example/x?q=secret) <https://ico.example/y> https://ico.example/z."
    html = render([_written(text, cited=False)], message=MESSAGE)
    assert html == "<p>the <em>office</em> (ico.example) ico.example ico.example</p>"


def test_images_are_their_words() -> None:
    text = "![a *b*](https://evil.example/p.png) [r]\n\n[r]: //evil.example 't'"
    html = render([_written(text, cited=False)], message=MESSAGE)
    assert html == "<p>a <em>b</em> r (evil.example)</p>"


def test_a_marker_is_never_lost() -> None:
    """Markdown would take it for the address of a reference."""
    assert render([_written("[r]:")], message=MESSAGE) == f"<p>{_marker(1)}</p>"


def test_plain_text_keeps_paragraphs() -> None:
    sentences = [_quote("1.   One\n\n  more."), _quote("Two."), _written("*Three*", paragraph=True)]
    assert as_text(sentences) == "1. One more. Two.\n\n*Three*"
