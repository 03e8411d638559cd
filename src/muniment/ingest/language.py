"""Which language a text is in: py3langid's model, kept to the languages that can be stemmed (Snowball)."""

from functools import cache
from typing import Any

from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier
from py3langid.modelio import load_model

_CODES = "ar hy eu ca cs da nl en eo et fi fr de el hi hu id ga it lt ne no fa pl pt ro ru sr st es sv ta tr yi"
SNOWBALL = frozenset(_CODES.split())
"""ISO 639-1 codes of the languages PyStemmer 3.1 has a stemmer for."""

_SHORTEST = 60
"""Letters: below this a list of names or numbers decides, not the language."""
_PIECE = 1_000
_CERTAIN = 0.5
_NORWEGIAN = {"nb": "no", "nn": "no"}


def identify(text: str) -> str | None:
    """ISO 639-1 of a language in SNOWBALL; None for other languages and for texts too short or too mixed to say.

    The model chooses among all languages it knows, not only ours: a Ukrainian text asked "Russian or Serbian?" would
    be given a wrong stemmer; asked openly it gets none. Looks at the start, the middle and the end of long texts.
    """
    sample = text
    if len(text) > 3 * _PIECE:
        middle = len(text) // 2
        sample = " ".join((text[:_PIECE], text[middle : middle + _PIECE], text[-_PIECE:]))
    if sum(map(str.isalpha, sample)) < _SHORTEST:
        return None
    code, confidence = _model().classify(sample)
    code = _NORWEGIAN.get(code, code)
    return code if confidence >= _CERTAIN and code in SNOWBALL else None


@cache
def _model() -> Any:
    # 68 MB, kept by the process that indexes. In the sandbox each child would pay for the pages it touches, which was
    # most of the time of reading a short text.
    ptc, pc, classes, next_moves, rows, outputs = load_model(MODEL_DIR / MODEL_FILE)
    return LanguageIdentifier(ptc, pc, classes, next_moves, outputs, norm_probs=True, tk_row=rows)
