"""Which terms a text is found by."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.retrieval.analysis import LONGEST_TERM, STEMMERS, analyse, query_terms


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Controllers controlled the controlling controller", ["control"] * 4),
        ("Article 17", ["articl", "17"]),
        ("Article 6(1)(a) applies", ["articl", "6", "6(1)", "6(1)(a)", "appli"]),
        ("Directive 95/46/EC", ["direct", "95/46/ec", "95", "46", "ec"]),
        ("GDPR-compliant", ["gdpr", "compliant"]),
        ("IL-6 and IL6", ["il6", "il", "6", "il6"]),
        ("0.5 mg for 1,000 men", ["0.5", "mg", "1000", "man"]),
        ("the U.S.A.", ["usa"]),
        ("the company\u2019s p53, it's", ["compani", "p53"]),
        ("MUNIMENT_HOME_2", ["munimenthome2", "muniment", "home", "2"]),
        ("\ufb01le \uff21\uff22\uff23\uff11", ["file", "abc1"]),
        ("the of and", []),
        ("", []),
    ],
)
def test_english(text: str, terms: list[str]) -> None:
    assert analyse(text, language="en") == terms


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("de", "die Häuser", "ein Haus"),
        ("de", "des Verantwortlichen", "Verantwortlicher"),
        ("fr", "l'article", "les articles"),
        ("es", "los derechos", "el derecho"),
        ("it", "dell'articolo", "gli articoli"),
        ("nl", "de rechten", "een recht"),
        ("ru", "документы", "документ"),
        ("hi", "किताबें", "किताब"),
        ("tr", "İSTANBUL", "istanbul"),
        ("nb", "rettigheter", "rettighetene"),
    ],
)
def test_inflected_words_meet(language: str, one: str, other: str) -> None:
    assert analyse(one, language=language) == analyse(other, language=language) != []


def test_an_unknown_language_is_indexed_as_written() -> None:
    assert analyse("The Controllers", language="xx") == ["the", "controllers"]


def test_text_without_spaces_is_found_by_pairs() -> None:
    assert analyse("東京都に", language="ja") == ["東京", "京都", "都に"]
    assert analyse("東", language="ja") == ["東"]


def test_a_question_is_read_in_each_language_present() -> None:
    terms = query_terms("Rights, rights of data subjects", languages=["en", "de", "en"])
    assert terms == {
        "de": Counter({"right": 2, "of": 1, "data": 1, "subject": 1}),
        "en": Counter({"right": 2, "data": 1, "subject": 1}),
    }


@given(st.text(max_size=300), st.sampled_from([*STEMMERS, "xx"]))
def test_any_text_gives_storable_terms(text: str, language: str) -> None:
    terms = analyse(text, language=language)
    assert terms == analyse(text, language=language)
    assert all(term and len(term) <= LONGEST_TERM and not any(map(str.isspace, term)) for term in terms)
    assert all(len(term.encode()) < 2**16 for term in terms)
