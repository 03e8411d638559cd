"""What a page says of an error, in the language of who reads it."""

from datetime import date

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext

from muniment.core.errors import MunimentError, Term, filled


def in_words(said: MunimentError | str) -> str:
    """An error, or a sentence that was kept of one, in the language that is active; without a translation in English.

    Attack stopped: a value that somebody typed is looked up or formatted as if it were ours. Only the sentence is
    looked up, and values are put into what was found. Residue accepted: of a kept sentence its values are not known,
    so one that has some stays in English.
    """
    if isinstance(said, str):
        return _translated(said)
    return filled(_translated(said.sentence), {name: _shown(value) for name, value in said.values.items()})


def _shown(value: object) -> str:
    match value:
        case MunimentError():
            return in_words(value)
        case Term():
            return _translated(value)
        case int():
            return number_format(value, force_grouping=True)
        case date():
            return date_format(value, "DATE_FORMAT")
    return str(value)


def _translated(sentence: str) -> str:
    return gettext(sentence) if sentence else ""  # of nothing, gettext gives the header of its catalog
