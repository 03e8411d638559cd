"""A name found once is found wherever it stands: by surname, in the genitive, in small letters, over a line's end."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from muniment.pii.types import PiiClass, Span
from muniment.pii.words import word_list

_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
_GENITIVE = re.compile(r"(?:'s|s'|'|s)$")
_SHORTEST = 3
_SURE = 0.4
"""Only names found with more than this are looked for elsewhere: a mistake shall not spread."""


def propagated(text: str, spans: Iterable[Span], *, listed: Iterable[str] = ()) -> Iterator[Span]:
    """PERSON spans of further occurrences of the words of names. Linear: each word of the text is looked up once.

    A word that the text writes small more often than not is no name in it, whatever was found once. `listed` are names
    an owner gave: their words are names also where the whole name stands nowhere in the text.
    """
    given = frozenset(word for name in listed for word in _name_words([found[0] for found in _WORD.finditer(name)]))
    known = given | _words_of_names(text, spans)
    if not known:
        return
    found = [(word, stem) for word in _WORD.finditer(text) if (stem := _stem(word[0], known)) is not None]
    written = Counter((stem, word[0][0].isupper()) for word, stem in found)
    for word, stem in found:
        if stem in given or word[0][0].isupper() or written[stem, False] <= written[stem, True]:
            yield Span(word.start(), word.start() + _length(word[0], stem), PiiClass.PERSON, 0.6)


def _words_of_names(text: str, spans: Iterable[Span]) -> frozenset[str]:
    """The words of all names that were found."""
    words: set[str] = set()
    for span in spans:
        if span.kind is PiiClass.PERSON and span.score > _SURE:
            words.update(_name_words([word[0] for word in _WORD.finditer(text, span.start, span.end)]))
    return frozenset(words)


def _name_words(found: Sequence[str]) -> Iterator[str]:
    """Of one name, folded, but for particles, initials and words that are more often something else."""
    for word in found:
        if len(word) >= _SHORTEST and (word[0].isupper() or len(found) > 1) and _is_rare(word.casefold()):
            yield word.casefold()


def _stem(word: str, known: frozenset[str]) -> str | None:
    folded = word.casefold()
    return next((stem for stem in (folded, _GENITIVE.sub("", folded)) if stem in known), None)


def _length(word: str, stem: str) -> int:
    """The name without its ending, so that a stand-in can take it on; the whole where folding changed its length."""
    return len(stem) if word.casefold().startswith(stem) and len(word.casefold()) == len(word) else len(word)


def _is_rare(word: str) -> bool:
    """Not a word of English or German that is also a name: Brown, Young, May, Klein, König."""
    return word not in word_list("also_names")
