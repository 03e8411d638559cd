"""From text to index terms, and from a question to the terms to look for: the same rules for both.

* Text is NFKC-normalised and lower-cased; accents are kept, as Snowball's stemmers want them.
* Words are stemmed and stop words dropped per language; a language without a stemmer is indexed as written.
* A text whose language could not be told, mostly for being short, is read as English, as the embedding model reads it:
  were stop words content there, "Where are the ferns?" would find no support in "Ferns: third cabinet".
* Words joined by a sign count as their parts ("gdpr-compliant"); with a digit among them also as the whole, without
  hyphens: "IL-6" finds "IL6", "95/46/EC" finds itself.
* Legal places count at each depth: "6(1)(a)" is also "6(1)" and "6".
* Numbers are one term: "0.5" stays, "1,000" is 1000. Abbreviations lose their dots: "U.S.A." is "usa".
* Scripts written without spaces are cut into overlapping pairs of characters.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from threading import Lock

import Stemmer

from muniment.retrieval.framing import subject
from muniment.retrieval.stop_words import STOP_WORDS

STEMMERS: Mapping[str, str] = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "eo": "esperanto", "es": "spanish", "et": "estonian", "eu": "basque", "fa": "persian", "fi": "finnish",
    "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian",
    "it": "italian", "lt": "lithuanian", "nb": "norwegian", "ne": "nepali", "nl": "dutch", "nn": "norwegian",
    "no": "norwegian", "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian",
    "st": "sesotho", "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip
"""ISO 639-1 code to the Snowball algorithm that stems it."""

IRREGULAR: Mapping[str, Mapping[str, str]] = {
    "en": {
        "children": "child", "men": "man", "women": "woman", "feet": "foot", "teeth": "tooth", "mice": "mouse",
        "geese": "goose", "lives": "life", "wives": "wife", "knives": "knife", "halves": "half",
        "criteria": "criterion", "phenomena": "phenomenon",
        "bacteria": "bacterium", "indices": "index", "matrices": "matrix",
        "appendices": "appendix", "hypotheses": "hypothesis", "diagnoses": "diagnosis", "prognoses": "prognosis",
    }
}  # fmt: skip
"""Plurals that no suffix rule can find, by language."""

UNTOLD = "en"
"""Whose rules a text follows whose language could not be told."""

LONGEST_TERM = 64
"""Characters kept of a term: beyond it stands encoded data, not words."""

_REMEMBERED_WORDS = 200_000
_LETTER = (
    r"[\w\u0300-\u036f\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670"
    r"\u0900-\u0963\u0966-\u0dff\u0e00-\u0eff\u1000-\u109f\u1780-\u17d3]"
)
"""Python's word characters leave out the combining vowels of Hebrew, Arabic, Indian and other scripts."""
_TOKEN = re.compile(rf"\d+(?:\(\w{{1,4}}\))+|{_LETTER}+(?:['.,/\-]{_LETTER}+)*")
_PLACE = re.compile(r"\d+(?:\(\w{1,4}\))+")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_ABBREVIATION = re.compile(r"[^\W\d_](?:\.[^\W\d_])+")
_SIGNS = re.compile(r"['.,/\-_]+")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17d3\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]+")
_SAME_SIGN = str.maketrans("\u2019\u02bc\u2010\u2011\u2012\u2013\u2212", "''-----")


def analyse(text: str, *, language: str) -> list[str]:
    """The index terms of a text in order, repeated as often as they stand there.

    `language` is ISO 639-1; empty where it could not be told.
    """
    language = language or UNTOLD
    words = _analyser(language if language in STEMMERS else "")
    return [term for token in _TOKEN.findall(_normalised(text)) for term in words[token]]


def query_terms(question: str, *, languages: Iterable[str]) -> dict[str, Counter[str]]:
    """For each language present in an index, the question's terms under its rules and how often each is said."""
    asked = subject(question)
    return {language: Counter(analyse(asked, language=language)) for language in sorted(set(languages))}


def _normalised(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).translate(_SAME_SIGN)
        return unicodedata.normalize("NFKC", text.lower().replace("i\u0307", "i"))  # what lower() makes of Turkish I
    return text.lower()


@cache
def _analyser(language: str) -> "_Words":
    return _Words(language)


class _Words(dict[str, tuple[str, ...]]):
    """Token to terms in one language, remembered: a text repeats its words, and stemming is the dear part."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self._stop = STOP_WORDS.get("no" if language in {"nb", "nn"} else language, frozenset())
        self._irregular = IRREGULAR.get(language, {})
        self._stemmer = Stemmer.Stemmer(STEMMERS[language]) if language else None
        self._keeps_apostrophe = language == "en"  # Snowball's English takes the possessive off itself
        self._stemming = Lock()  # a Snowball stemmer works in one buffer of its own

    def __missing__(self, token: str) -> tuple[str, ...]:
        terms = tuple(term[:LONGEST_TERM] for term in self._terms(token))
        if len(self) >= _REMEMBERED_WORDS:
            self.clear()
        self[token] = terms
        return terms

    def _terms(self, token: str) -> list[str]:
        if _PLACE.fullmatch(token):
            steps = [match.end() for match in re.finditer(r"\d+|\(\w+\)", token)]
            return [token[:end] for end in sorted({*steps[:1], *(e for e in steps if token[e - 1] == ")")})]
        if _NUMBER.fullmatch(token):
            return [re.sub("[.,]", "", token) if _THOUSANDS.fullmatch(token) else token]
        if _ABBREVIATION.fullmatch(token):
            return [token.replace(".", "")]
        parts = [term for part in self._parts(token) for term in self._word(part)]
        joined = re.sub("[-_']", "", token)
        if len(parts) > 1 and any(character.isdigit() for character in token):
            return [joined, *parts]
        return parts

    def _parts(self, token: str) -> list[str]:
        if self._keeps_apostrophe and re.fullmatch(r"[^\W_]+'[^\W_]+", token):
            return [token]
        return [part for part in _SIGNS.split(token) if part]

    def _word(self, word: str) -> list[str]:
        if _UNSPACED.search(word):
            return [word[at : at + 2] for at in range(max(1, len(word) - 1))]
        if word in self._stop or word.removesuffix("'s") in self._stop:
            return []
        if self._stemmer is None or any(character.isdigit() for character in word):
            return [word]
        with self._stemming:
            return [self._stemmer.stemWord(self._irregular.get(word, word)[:LONGEST_TERM])]
